#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "section.h"

namespace vitals::config {

/// A secret from one of three keys: `KEY` is the secret, `KEY_file` names a file that holds it
/// (which not everybody may read; without the blanks at its end), `KEY_env` an environment
/// variable. Reports say what is wrong, and never repeat a secret.
void read_secret(Section& section, std::string_view key, const std::filesystem::path& folder,
                 std::string& out);

}  // namespace vitals::config
