#include <string>

#include <vitals/registry/disguise.h>

#include "hmac.h"
#include "key_file.h"

namespace vitals::registry {
namespace {

// Half of the bits each. The NUL ends the domain.
constexpr std::string_view kFirstHalf{"id-1\0", 5};
constexpr std::string_view kSecondHalf{"id-2\0", 5};

}  // namespace

Result<Pseudonyms::Key> make_disguise_key() { return new_key(); }

model::Disguise make_disguise(const Pseudonyms::Key& key) {
  return [hmac = Hmac(key)](std::string_view text) {
    std::string disguised;
    for (const std::string_view half : {kFirstHalf, kSecondHalf}) {
      const PseudonymText digits = hmac(half, text);
      disguised.append(digits.data(), digits.size());
    }
    return disguised;
  };
}

}  // namespace vitals::registry
