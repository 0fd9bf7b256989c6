#pragma once

#include <string>
#include <vector>

#include "document.h"

namespace vitals::text {

/// Appends the words of one line. `lower` takes their texts and must have room for the line, since
/// the words view it.
void read_words(const Line& line, std::uint32_t number, std::vector<Word>& words,
                std::string& lower);

}  // namespace vitals::text
