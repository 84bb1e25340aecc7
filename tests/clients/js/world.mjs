// A signed-in Graph client, made from what the test hands over in its environment.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
export const graph = require("@microsoft/microsoft-graph-client");
const {
  TokenCredentialAuthenticationProvider,
} = require("@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials");

export const world = JSON.parse(process.env.WORLD);

// The part of @azure/identity's TokenCredential that the client uses.
const credential = {
  token: null,
  async getToken(scopes) {
    this.token ??= await redeem(scopes);
    return this.token;
  },
};

async function redeem(scopes) {
  const form = { ...world.redeem, grant_type: "authorization_code", scope: scopes.join(" ") };
  const response = await fetch(`${world.url}/common/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return { token: answer.access_token, expiresOnTimestamp: Date.now() + answer.expires_in * 1000 };
}

const authProvider = new TokenCredentialAuthenticationProvider(credential, {
  scopes: ["User.Read", "Calendars.ReadWrite"].map((s) => `https://graph.microsoft.com/${s}`),
});

export const client = graph.Client.initWithMiddleware({
  authProvider,
  baseUrl: `${world.url}/`,
  customHosts: new Set(["localhost"]),
});
