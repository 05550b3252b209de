# Rollcall in a small image: built in one stage, run in another without compiler, tests or root.
FROM node:24-slim AS build
WORKDIR /rollcall
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim AS rollcall
ENV NODE_ENV=production
WORKDIR /rollcall
COPY --from=build /rollcall/node_modules node_modules
COPY --from=build /rollcall/dist dist
COPY package.json ./
COPY templates templates
COPY jobs jobs
COPY config config
# Everything that is written goes here: the root key, the planner's spool, the journal.
RUN install -d -o node -g node -m 0700 /rollcall/.rollcall
VOLUME /rollcall/.rollcall
USER node
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["start"]

# A directory with the demo's people, for the sandbox profile alone.
FROM debian:trixie-slim AS sandbox-directory
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends slapd \
 && rm -rf /var/lib/apt/lists/* /etc/ldap/slapd.d
COPY config/sandbox/slapd.conf /etc/ldap/slapd.conf
COPY config/sandbox/people.ldif /people.ldif
RUN install -d -o openldap -g openldap /var/lib/people \
 && slapadd -f /etc/ldap/slapd.conf -l /people.ldif \
 && chown -R openldap:openldap /var/lib/people
EXPOSE 1389
CMD ["slapd", "-u", "openldap", "-g", "openldap", "-f", "/etc/ldap/slapd.conf", "-h", "ldap://:1389/", "-d", "0"]
