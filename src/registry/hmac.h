#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <vitals/registry/pseudonyms.h>

extern "C" {
struct evp_mac_ctx_st;
}

namespace vitals::registry {

/// HMAC-SHA-256 (RFC 2104) with one key, scheduled once for many messages. Not thread-safe.
class Hmac {
 public:
  explicit Hmac(const Pseudonyms::Key& key);

  /// The first 64 bits over `domain` and then `name`, in lower-case hexadecimal.
  std::string operator()(std::string_view domain, std::string_view name);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

}  // namespace vitals::registry
