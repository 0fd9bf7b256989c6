#pragma once

#include <string>
#include <vector>

namespace vitals {

/// One line for each word of a command line that nobody took, with what was probably meant: an
/// option (`--lissten`, `--lissten=x`), or a command when there are `commands` to choose from, else
/// an argument too many. The word after an unknown option is its value, and is not named.
std::string unexpected_text(const std::vector<std::string>& words,
                            const std::vector<std::string>& options,
                            const std::vector<std::string>& commands);

}  // namespace vitals
