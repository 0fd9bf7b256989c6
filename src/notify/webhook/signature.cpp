#include "signature.h"

#include <algorithm>
#include <array>
#include <optional>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "../base64.h"

namespace vitals::notify::webhook {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kKeyBytesMin = 24;
constexpr std::size_t kKeyBytesMax = 64;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 1024) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace

Result<std::vector<std::string>> parse_secrets(std::string_view secrets) {
  std::vector<std::string> keys;
  while (!secrets.empty()) {
    std::string_view secret = secrets.substr(0, secrets.find(' '));
    secrets.remove_prefix(std::min(secrets.size(), secret.size() + 1));
    if (secret.empty()) continue;
    if (secret.starts_with(kPrefix)) secret.remove_prefix(kPrefix.size());
    auto key = from_base64(secret);
    if (!key || key->size() < kKeyBytesMin || key->size() > kKeyBytesMax) {
      return Error{Errc::invalid_argument, "must be whsec_ and base64 of 24 to 64 bytes"};
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

std::string sign(const std::vector<std::string>& keys, std::string_view id,
                 std::int64_t timestamp_s, std::string_view body) {
  std::string content(id);
  content.append(".").append(std::to_string(timestamp_s)).append(".").append(body);
  std::string signatures;
  for (const std::string& key : keys) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(content), content.size(),
         digest.data(), &size);
    signatures += (signatures.empty() ? "v1," : " v1,") +
                  to_base64({reinterpret_cast<const char*>(digest.data()), size});
  }
  return signatures;
}

void sign(const std::vector<std::string>& keys, const std::string& id, TimeMs now,
          net::ClientRequest& request) {
  const std::int64_t now_s = now / 1000;
  request.headers.emplace_back("webhook-id", id);
  request.headers.emplace_back("webhook-timestamp", std::to_string(now_s));
  if (keys.empty()) return;
  request.headers.emplace_back("webhook-signature", sign(keys, id, now_s, request.body));
}

}  // namespace vitals::notify::webhook
