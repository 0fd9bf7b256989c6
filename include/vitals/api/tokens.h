#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::api {

enum class Scope : std::uint8_t { none, ingest, read, admin };

/// A bearer token as it is configured: only its SHA-256 is kept.
struct Token {
  std::string name;        ///< for the log
  std::string sha256_hex;  ///< lower case, 64 characters
  bool ingest = false;
  bool read = false;
  bool admin = false;
  TimeMs expires_at = 0;  ///< 0 is never
};

/// Whether a request may do what `scope` asks. Immutable, thread-safe.
class Tokens {
 public:
  Tokens() = default;
  explicit Tokens(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  enum class Verdict : std::uint8_t { allowed, unauthenticated, forbidden };
  /// `authorization` is the header's value. Without any configured token everything is allowed.
  Verdict check(std::string_view authorization, Scope scope, TimeMs now) const;

  bool empty() const { return tokens_.empty(); }

 private:
  std::vector<Token> tokens_;
};

/// Lower-case hexadecimal SHA-256, for token files.
std::string sha256_hex(std::string_view text);

}  // namespace vitals::api
