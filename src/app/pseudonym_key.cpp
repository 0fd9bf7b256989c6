#include "pseudonym_key.h"

#include <filesystem>

namespace vitals::app {

Result<registry::Pseudonyms> open_pseudonyms(const config::Config& config, TimeMs now) {
  namespace fs = std::filesystem;
  const fs::path configured = config::key_file_of(config);
  const fs::path usual = fs::path(config.data_dir) / config::kKeyFile;
  std::error_code unknown;  // then opening it says why
  if (fs::exists(usual, unknown) && !fs::exists(configured, unknown)) {
    return Error{Errc::invalid_argument,
                 "privacy.key_file: there is none, but " + usual.string() +
                     " is there: move it to where the configuration names it"};
  }
  return registry::Pseudonyms::open(configured.string(), now);
}

}  // namespace vitals::app
