#include <algorithm>
#include <set>

#include <vitals/api/tokens.h>
#include <vitals/base/time_text.h>

#include "sections.h"

namespace vitals::config {
namespace {

constexpr std::size_t kTokenBytesMin = 16;

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// RFC 6750 §2.1 (b64token): what fits into an Authorization header.
bool is_bearer(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void read_secret(Section& section, api::Token& token) {
  std::string secret;
  section.text("token", secret);
  section.text("sha256", token.sha256_hex);
  if (secret.empty() == token.sha256_hex.empty()) {
    return section.problem("", "needs either token or sha256");
  }
  if (!token.sha256_hex.empty()) {
    if (is_sha256(token.sha256_hex)) return;
    return section.problem("sha256", "expected 64 lower-case hexadecimal characters");
  }
  if (secret.size() < kTokenBytesMin || !is_bearer(secret)) {
    section.problem("token", "expected at least 16 printable characters without blanks");
  }
  token.sha256_hex = api::sha256_hex(secret);
}

void read_scopes(Section& section, api::Token& token) {
  std::vector<std::string> scopes;
  section.texts("scopes", scopes);
  if (scopes.empty()) section.problem("scopes", "needs some of ingest, read, admin");
  for (const std::string& scope : scopes) {
    if (scope == "ingest") {
      token.ingest = true;
    } else if (scope == "read") {
      token.read = true;
    } else if (scope == "admin") {
      token.admin = true;
    } else {
      section.problem("scopes", "'" + scope + "': expected ingest, read or admin");
    }
  }
}

void read_expiry(Section& section, api::Token& token) {
  std::string expires;
  section.text("expires", expires);
  if (expires.empty()) return;
  const Result<TimeMs> time = parse_rfc3339(expires);
  if (time) {
    token.expires_at = *time;
  } else {
    section.problem("expires", time.error().message);
  }
}

}  // namespace

void read_tokens(Section& root, std::vector<api::Token>& tokens) {
  std::set<std::string> names;
  root.sections("tokens", [&](Section& section) {
    api::Token token;
    section.text("name", token.name);
    if (token.name.empty()) section.problem("name", "is required");
    if (!token.name.empty() && !names.insert(token.name).second) {
      section.problem("name", "another token is called '" + token.name + "' too");
    }
    read_secret(section, token);
    read_scopes(section, token);
    read_expiry(section, token);
    tokens.push_back(std::move(token));
  });
  // No token at all would open the daemon to everybody, which is what leaving out the file is for.
  if (tokens.empty()) root.problem("tokens", "holds no token");
}

}  // namespace vitals::config
