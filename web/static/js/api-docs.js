// Shows the OpenAPI description with the packaged Swagger UI; nothing is loaded from elsewhere.
window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "none", // all operations at once are more than it can draw
    defaultModelsExpandDepth: -1,
    filter: true,
  });
});
