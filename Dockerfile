FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY service ./service
COPY openapi-samples ./openapi-samples
USER node
EXPOSE 8080
CMD ["node", "service/main.ts", "serve"]
