#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitals::text {

/// What somebody said, and with it how content they were. NaN is not said.
struct Comment {
  std::string_view text;
  double rating = std::numeric_limits<double>::quiet_NaN();
  double sentiment = std::numeric_limits<double>::quiet_NaN();
};

/// A sentence that shows what is meant, cut at 300 bytes.
struct Highlight {
  std::string text;
  std::optional<double> sentiment;  ///< of the sentence by itself
};

/// What many comments speak of.
struct Topic {
  std::string phrase;  ///< one to three words, as they are written most often, in small letters
  std::uint32_t comments = 0;
  std::optional<double> rating;     ///< mean of those of its comments that have one
  std::optional<double> sentiment;  ///< likewise
  std::vector<Highlight> highlights;
};

struct TopicOptions {
  std::uint32_t comments_min = 5;  ///< that speak of a topic
  std::uint32_t topics_max = 20;
  std::uint32_t highlights_max = 3;  ///< of a topic
};

/// What comments speak of, most telling first. The same comments give the same topics. Takes any
/// bytes; memory is about a hundred times the text, time grows with it. Pure and thread-safe.
///
/// Candidates are runs of one to three words without words that say nothing by themselves and
/// without punctuation inside (Rose, Engel, Cramer, Cowley, "Automatic keyword extraction from
/// individual documents", 2010), singular and plural taken as one (the S stemmer of Harman, "How
/// effective is suffixing?", 1991). Each is worth its C-value (Frantzi, Ananiadou, Mima,
/// "Automatic recognition of multi-word terms", 2000), with comments instead of occurrences and the
/// number of words instead of its logarithm, so that single words count too: what is mostly part of
/// longer phrases is worth little. A phrase that shares a word and two thirds of its comments with
/// a better one, and is no longer than that, is left out.
///
/// Highlights are the most positive and the most negative sentence that has the phrase, then the
/// next ones, by their sentiment and by how many of the topics they speak of.
std::vector<Topic> find_topics(std::span<const Comment> comments, const TopicOptions& options);

}  // namespace vitals::text
