FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY bin ./bin
COPY service ./service
COPY openapi-samples ./openapi-samples
# Fills the compile cache, of which Node keeps one for each user and each set of options: as the user of the service,
# and with its compile process. Then it is read-only.
RUN mkdir -p .cache/compile && chown node .cache/compile
USER node
RUN node bin/openapi-flow.js check sample:petstore > /dev/null \
  && timeout --preserve-status --signal INT 10 node bin/openapi-flow.js serve
USER root
RUN chown -R root .cache && chmod -R a+rX .cache
USER node
EXPOSE 8080
CMD ["node", "bin/openapi-flow.js", "serve"]
