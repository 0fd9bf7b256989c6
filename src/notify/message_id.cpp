#include "message_id.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace vitals::notify {

std::string message_id(const std::vector<Row>& rows) {
  std::string all;
  for (const Row& row : rows) all += row.delivery.id + "\n";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(all.data(), all.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string id = rows.front().delivery.id + "+";
  for (std::size_t i = 0; i < 8; ++i) id += fmt::format("{:02x}", digest[i]);
  return id;
}

}  // namespace vitals::notify
