#include "hmac.h"

#include <array>
#include <exception>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace vitals::registry {
namespace {

constexpr std::size_t kPseudonymBytes = 8;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// A MAC fails only where OpenSSL has no SHA-256 or no memory. To go on would store names as they
/// are, or all of them as one.
void require(bool good) {
  if (!good) std::terminate();
}

}  // namespace

void Hmac::Free::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

Hmac::Hmac(const Pseudonyms::Key& key) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm(
      EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
  context_.reset(EVP_MAC_CTX_new(algorithm.get()));
  std::array<char, 7> digest{"SHA256"};
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  require(context_ != nullptr &&
          EVP_MAC_init(context_.get(), key.data(), key.size(), parameters.data()) == 1);
}

std::string Hmac::operator()(std::string_view domain, std::string_view name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  // A start without a key takes the one already scheduled.
  require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
          EVP_MAC_update(context_.get(), bytes_of(domain), domain.size()) == 1 &&
          EVP_MAC_update(context_.get(), bytes_of(name), name.size()) == 1 &&
          EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1);
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * kPseudonymBytes);
  for (std::size_t i = 0; i < kPseudonymBytes; ++i) {
    hex += kDigits[digest[i] >> 4U];
    hex += kDigits[digest[i] & 0xfU];
  }
  return hex;
}

}  // namespace vitals::registry
