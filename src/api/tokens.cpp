#include <array>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <vitals/api/tokens.h>

namespace vitals::api {
namespace {

bool grants(const Token& token, Scope scope) {
  switch (scope) {
    case Scope::none:
      return true;
    case Scope::ingest:
      return token.ingest;
    case Scope::read:
      return token.read;
    case Scope::admin:
      return token.admin;
  }
  return false;
}

/// The token of `Bearer TOKEN`; "" for anything else. The scheme's case does not matter (RFC 9110).
std::string_view bearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != kScheme[i]) return {};
  }
  return authorization.substr(kScheme.size());
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xfU];
  }
  return hex;
}

Tokens::Verdict Tokens::check(std::string_view authorization, Scope scope, TimeMs now) const {
  if (tokens_.empty() || scope == Scope::none) return Verdict::allowed;
  const std::string_view secret = bearer(authorization);
  if (secret.empty()) return Verdict::unauthenticated;
  const std::string digest = sha256_hex(secret);
  for (const Token& token : tokens_) {
    // Digests are compared, in constant time, so the comparison tells nothing about the secret.
    const bool same = token.sha256_hex.size() == digest.size() &&
                      CRYPTO_memcmp(token.sha256_hex.data(), digest.data(), digest.size()) == 0;
    if (!same) continue;
    if (token.expires_at != 0 && now >= token.expires_at) return Verdict::unauthenticated;
    return grants(token, scope) ? Verdict::allowed : Verdict::forbidden;
  }
  return Verdict::unauthenticated;
}

}  // namespace vitals::api
