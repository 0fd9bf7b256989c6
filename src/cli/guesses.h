#pragma once

#include <string>
#include <string_view>

namespace vitals::cli {

/// What to say to a command that is not there but is guessed: how the same is done here. `below` is
/// the command that it was looked for below, "" for none. "" where there is nothing to say.
std::string guess_text(std::string_view below, std::string_view word);

}  // namespace vitals::cli
