/**
 * What MJML 5.4 allows where, by element: `content` elements hold text and HTML, the others only elements; attributes are
 * grouped by MJML's own type names. Kept here since importing MJML takes most of a second, and a fault should be
 * reported before that; a test holds it to the installed MJML.
 */
export interface MjmlElement {
  readonly content?: true;
  /** Names parted by spaces. */
  readonly children?: string;
  /** Type → names parted by spaces. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export const mjmlGrammar: Readonly<Record<string, MjmlElement>> = {
  mjml: { children: 'mj-head mj-body mj-raw', attributes: { string: 'lang dir owa version' } },
  'mj-body': {
    children: 'mj-raw mj-section mj-wrapper mj-hero',
    attributes: {
      'unit(px)': 'width',
      color: 'background-color',
      string: 'id',
    },
  },
  'mj-head': {
    children: 'mj-attributes mj-breakpoint mj-html-attributes mj-font mj-preview mj-style mj-title mj-raw',
  },
  'mj-attributes': {},
  'mj-breakpoint': {
    content: true,
    attributes: {
      'unit(px)': 'width',
    },
  },
  'mj-html-attributes': {
    children: 'mj-selector',
  },
  'mj-font': {
    attributes: {
      string: 'name href',
    },
  },
  'mj-preview': {
    content: true,
  },
  'mj-style': {
    content: true,
    attributes: {
      string: 'inline',
    },
  },
  'mj-title': {
    content: true,
  },
  'mj-hero': {
    children:
      'mj-accordion mj-button mj-carousel mj-divider mj-image mj-social mj-spacer mj-table mj-text mj-navbar mj-raw',
    attributes: {
      string: 'mode background-url background-position border-radius',
      'unit(px,%)':
        'height background-width background-height inner-padding-top inner-padding-left inner-padding-right inner-padding-bottom padding-bottom padding-left padding-right padding-top',
      color: 'inner-background-color background-color',
      'unit(px,%){1,4}': 'inner-padding padding',
      'enum(top,bottom,middle)': 'vertical-align',
    },
  },
  'mj-button': {
    content: true,
    attributes: {
      'enum(left,center,right)': 'align',
      color: 'background-color color container-background-color',
      string:
        'border-bottom border-left border-radius border-right border-top border font-family font-style font-weight href name title rel target text-decoration text-transform',
      'unit(px)': 'font-size',
      'unit(px,%)': 'height padding-bottom padding-left padding-right padding-top width',
      'unit(px,%){1,4}': 'inner-padding padding',
      'unitWithNegative(px,em)': 'letter-spacing',
      'unit(px,%,)': 'line-height',
      'enum(top,bottom,middle)': 'vertical-align',
      'enum(left,right,center)': 'text-align',
    },
  },
  'mj-column': {
    children:
      'mj-accordion mj-button mj-carousel mj-divider mj-image mj-raw mj-social mj-spacer mj-table mj-text mj-navbar',
    attributes: {
      color: 'background-color inner-background-color',
      string:
        'border border-bottom border-left border-radius border-right border-top inner-border inner-border-bottom inner-border-left inner-border-radius inner-border-right inner-border-top',
      'enum(ltr,rtl)': 'direction',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top width',
      'unit(px,%){1,4}': 'padding',
      'enum(top,bottom,middle)': 'vertical-align',
    },
  },
  'mj-divider': {
    attributes: {
      color: 'border-color container-background-color',
      string: 'border-style',
      'unit(px)': 'border-width',
      'unit(px,%){1,4}': 'padding',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top width',
      'enum(left,center,right)': 'align',
    },
  },
  'mj-group': {
    children: 'mj-column mj-raw',
    attributes: {
      color: 'background-color',
      'enum(ltr,rtl)': 'direction',
      'enum(top,bottom,middle)': 'vertical-align',
      'unit(px,%)': 'width',
    },
  },
  'mj-image': {
    attributes: {
      string:
        'alt href name src srcset sizes title rel border border-bottom border-left border-right border-top border-radius target usemap',
      'enum(left,center,right)': 'align',
      color: 'container-background-color',
      boolean: 'fluid-on-mobile',
      'unit(px,%){1,4}': 'padding',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top max-height',
      'unit(px)': 'width font-size',
      'unit(px,auto)': 'height',
    },
  },
  'mj-raw': {
    content: true,
    attributes: {
      'enum(file-start)': 'position',
    },
  },
  'mj-section': {
    children: 'mj-column mj-group mj-raw',
    attributes: {
      color: 'background-color',
      string:
        'background-url background-size background-position background-position-x background-position-y border border-bottom border-left border-radius border-right border-top',
      'enum(repeat,no-repeat)': 'background-repeat',
      'enum(ltr,rtl)': 'direction',
      'enum(full-width,false,)': 'full-width',
      'unit(px,%)': 'gutter padding-top padding-bottom padding-left padding-right',
      'unit(px,%){1,4}': 'padding text-padding',
      'enum(left,center,right)': 'text-align',
    },
  },
  'mj-spacer': {
    attributes: {
      string: 'border border-bottom border-left border-right border-top',
      color: 'container-background-color',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top height',
      'unit(px,%){1,4}': 'padding',
    },
  },
  'mj-text': {
    content: true,
    attributes: {
      'enum(left,right,center,justify)': 'align',
      color: 'background-color color container-background-color',
      string: 'font-family font-style font-weight text-decoration text-transform',
      'unit(px)': 'font-size',
      'unit(px,%)': 'height padding-bottom padding-left padding-right padding-top',
      'unitWithNegative(px,em)': 'letter-spacing',
      'unit(px,%,)': 'line-height',
      'unit(px,%){1,4}': 'padding',
      'enum(top,bottom,middle)': 'vertical-align',
    },
  },
  'mj-table': {
    content: true,
    attributes: {
      'enum(left,right,center)': 'align',
      string: 'border font-family font-weight',
      integer: 'cellpadding cellspacing',
      color: 'container-background-color color',
      'unit(px)': 'font-size',
      'unit(px,%,)': 'line-height',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top',
      'unit(px,%){1,4}': 'padding',
      'enum(none,presentation)': 'role',
      'enum(auto,fixed,initial,inherit)': 'table-layout',
      'enum(top,bottom,middle)': 'vertical-align',
      'unit(px,%,auto)': 'width',
    },
  },
  'mj-wrapper': {
    children: 'mj-hero mj-raw mj-section',
    attributes: {
      color: 'background-color',
      string:
        'background-url background-size background-position background-position-x background-position-y border border-bottom border-left border-radius border-right border-top',
      'enum(repeat,no-repeat)': 'background-repeat',
      'enum(ltr,rtl)': 'direction',
      'enum(full-width,false,)': 'full-width',
      'unit(px,%)': 'gutter padding-top padding-bottom padding-left padding-right',
      'unit(px,%){1,4}': 'padding text-padding',
      'enum(left,center,right)': 'text-align',
      'unit(px)': 'gap',
    },
  },
  'mj-social': {
    children: 'mj-social-element mj-raw',
    attributes: {
      'enum(left,right,center)': 'align',
      string: 'border border-radius font-family font-style font-weight text-decoration',
      color: 'container-background-color color',
      'unit(px)': 'font-size',
      'unit(px,%)': 'icon-size icon-height padding-bottom padding-left padding-right padding-top',
      'unit(px,%){1,4}': 'icon-padding inner-padding padding text-padding',
      'unit(px,%,)': 'line-height',
      'enum(horizontal,vertical)': 'mode',
      'enum(auto,fixed)': 'table-layout',
      'enum(top,bottom,middle)': 'vertical-align',
    },
  },
  'mj-social-element': {
    content: true,
    attributes: {
      'enum(left,center,right)': 'align',
      'enum(left,right)': 'icon-position',
      color: 'background-color color',
      string:
        'border border-radius font-family font-style font-weight href name rel src srcset sizes alt title target text-decoration',
      'unit(px)': 'font-size',
      'unit(px,%)': 'icon-size icon-height padding-bottom padding-left padding-right padding-top',
      'unit(px,%){1,4}': 'icon-padding padding text-padding',
      'unit(px,%,)': 'line-height',
      'enum(top,middle,bottom)': 'vertical-align',
    },
  },
  'mj-navbar': {
    children: 'mj-navbar-link mj-raw',
    attributes: {
      'enum(left,center,right)': 'align ico-align',
      string: 'base-url hamburger ico-open ico-close ico-font-family ico-text-transform ico-text-decoration',
      color: 'ico-color',
      'unit(px,%)':
        'ico-font-size ico-padding-left ico-padding-top ico-padding-right ico-padding-bottom padding-left padding-top padding-right padding-bottom',
      'unit(px,%){1,4}': 'ico-padding padding',
      'unit(px,%,)': 'ico-line-height',
    },
  },
  'mj-navbar-link': {
    content: true,
    attributes: {
      color: 'color',
      string: 'font-family font-style font-weight href name target rel text-decoration text-transform',
      'unit(px)': 'font-size',
      'unitWithNegative(px,em)': 'letter-spacing',
      'unit(px,%,)': 'line-height',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top',
      'unit(px,%){1,4}': 'padding',
    },
  },
  'mj-accordion': {
    children: 'mj-accordion-element mj-raw',
    attributes: {
      color: 'container-background-color',
      string: 'border font-family icon-wrapped-url icon-wrapped-alt icon-unwrapped-url icon-unwrapped-alt',
      'enum(top,middle,bottom)': 'icon-align',
      'unit(px,%)': 'icon-width icon-height padding-bottom padding-left padding-right padding-top',
      'enum(left,right)': 'icon-position',
      'unit(px,%){1,4}': 'padding',
    },
  },
  'mj-accordion-element': {
    children: 'mj-accordion-title mj-accordion-text mj-raw',
    attributes: {
      color: 'background-color',
      string: 'border font-family icon-wrapped-url icon-wrapped-alt icon-unwrapped-url icon-unwrapped-alt',
      'enum(top,middle,bottom)': 'icon-align',
      'unit(px,%)': 'icon-width icon-height',
      'enum(left,right)': 'icon-position',
    },
  },
  'mj-accordion-text': {
    content: true,
    attributes: {
      color: 'background-color color',
      'unit(px)': 'font-size',
      string: 'font-family font-weight',
      'unitWithNegative(px,em)': 'letter-spacing',
      'unit(px,%,)': 'line-height',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top',
      'unit(px,%){1,4}': 'padding',
    },
  },
  'mj-accordion-title': {
    content: true,
    attributes: {
      color: 'background-color color',
      'unit(px)': 'font-size',
      string: 'font-family font-weight',
      'unit(px,%)': 'padding-bottom padding-left padding-right padding-top',
      'unit(px,%){1,4}': 'padding',
    },
  },
  'mj-carousel': {
    children: 'mj-carousel-image',
    attributes: {
      'enum(left,center,right)': 'align',
      string: 'border-radius left-icon right-icon tb-border tb-border-radius',
      color: 'container-background-color tb-hover-border-color tb-selected-border-color',
      'unit(px,%)': 'icon-width padding-top padding-bottom padding-left padding-right tb-width',
      'unit(px,%){1,4}': 'padding',
      'enum(visible,hidden,supported)': 'thumbnails',
    },
  },
  'mj-carousel-image': {
    content: true,
    attributes: {
      string: 'alt href rel target title src thumbnails-src border-radius tb-border tb-border-radius',
    },
  },

  'mj-all': {},
  'mj-class': { attributes: { string: 'name' } },
  'mj-selector': { children: 'mj-html-attribute', attributes: { string: 'path' } },
  'mj-html-attribute': { content: true, attributes: { string: 'name' } },
};
