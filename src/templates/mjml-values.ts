const COLOUR_NAMES = new Set(
  'aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo inherit ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato transparent turquoise violet wheat white whitesmoke yellow yellowgreen'.split(
    ' ',
  ),
);

function isColour(value: string): boolean {
  return (
    COLOUR_NAMES.has(value) ||
    /^#(?:[0-9a-f]{3}){1,2}$/i.test(value) ||
    /rgba?\(\s*\d{1,3}(?:,\s?\d{1,3}){2}(?:,\s?[\d.]+)?\)/i.test(value)
  );
}

/** A width such as `20px`; the type names the units, and `{1,4}` how many of them: MJML's own syntax, read as MJML reads it. */
function isMeasure(value: string, type: string): boolean {
  const units = (/\(([^)]*)\)/.exec(type)?.[1] ?? '').split(',');
  const count = /\{([^}]+)\}/.exec(type)?.[1] ?? '1';
  const sign = type.startsWith('unitWithNegative') ? '-|' : '';
  const auto = units.includes('auto') ? '|auto' : '';
  const suffixes = units.filter((unit) => unit !== 'auto').join('|');
  return new RegExp(`^(((${sign}\\d|,|\\.){1,}(${suffixes})|0${auto})( )?){${count}}$`).test(value);
}

/** What is wrong with an attribute's value for one of MJML's types, as the end of a sentence; undefined where nothing is. */
export function valueFault(value: string, type: string): string | undefined {
  if (type === 'color') return isColour(value) ? undefined : 'is no colour: write #1a2b3c or a CSS name';
  if (type === 'boolean') return /^(true|false)$/.test(value) ? undefined : 'must be true or false';
  if (type === 'integer') return /\d/.test(value) ? undefined : 'must be a whole number';
  if (type.startsWith('enum')) {
    const allowed = (/\(([^)]*)\)/.exec(type)?.[1] ?? '').split(',');
    return allowed.includes(value) ? undefined : `must be one of ${allowed.filter(Boolean).join(', ')}`;
  }
  if (type.startsWith('unit')) {
    return isMeasure(value, type)
      ? undefined
      : `must be a number with its unit (${type.replace(/^\w+/, '').replace(/[()]/g, '').replace(/\{.*/, '')})`;
  }
  return undefined;
}
