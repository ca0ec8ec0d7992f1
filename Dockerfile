FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY bin ./bin
COPY service ./service
COPY openapi-samples ./openapi-samples
# Fills the compile cache, which the user of the service cannot write.
RUN node bin/openapi-flow.js check sample:petstore > /dev/null
USER node
EXPOSE 8080
CMD ["node", "bin/openapi-flow.js", "serve"]
