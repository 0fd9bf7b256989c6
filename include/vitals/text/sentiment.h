#pragma once

#include <optional>
#include <string_view>

namespace vitals::text {

/// How content a comment in English sounds: -1 wholly negative … 1 wholly positive; nothing where
/// no word, emoji or emoticon says so. The first 8 KiB are read. Any bytes; those that are no UTF-8
/// are read as letters of unknown words. Pure and thread-safe.
///
/// Rated words, changed by the words and signs around them, after VADER (Hutto, Gilbert 2014), with
/// rules of Taboada et al. (2011) and Potts (2011): docs/sentiment.md names each with what it
/// gains.
std::optional<double> sentiment(std::string_view comment);

}  // namespace vitals::text
