#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <unordered_map>

#include <vitals/text/sentiment.h>
#include <vitals/text/topics.h>

#include "candidates.h"

namespace vitals::text {
namespace {

using topics::Candidate;
using topics::Place;

constexpr std::size_t kHighlightBytesMax = 300;

/// A sentence that has some of the topics.
struct Spoken {
  std::string_view text;
  std::vector<std::size_t> topics;  ///< each once
  std::optional<double> sentiment;

  /// How much it shows: by extremity, then by what else it speaks of.
  double weight() const {
    constexpr double kPerTopic = 0.1;
    return std::abs(sentiment.value_or(0)) + kPerTopic * static_cast<double>(topics.size());
  }
};

/// What was met of the chosen topics.
struct Met {
  std::vector<Spoken> sentences;
  std::vector<std::map<std::string, std::uint32_t>> written;  ///< by topic: its forms
};

std::string form_of(const Document& document, const Place& place) {
  std::string form;
  for (std::uint32_t i = 0; i < place.words; ++i) {
    form.append(i == 0 ? "" : " ").append(document.words()[place.first_word + i].text);
  }
  return form;
}

Met meet(const std::vector<std::unique_ptr<Document>>& documents,
         const std::vector<std::vector<Place>>& places, const std::vector<Candidate>& chosen) {
  std::unordered_map<topics::Phrase, std::size_t> topic_of;
  for (std::size_t i = 0; i < chosen.size(); ++i) topic_of.emplace(chosen[i].phrase, i);
  Met met;
  met.written.resize(chosen.size());
  for (std::size_t comment = 0; comment < documents.size(); ++comment) {
    const Document& document = *documents[comment];
    std::uint32_t last = ~0U;
    for (const Place& place : places[comment]) {
      const auto topic = topic_of.find(place.phrase);
      if (topic == topic_of.end()) continue;
      ++met.written[topic->second][form_of(document, place)];
      if (place.sentence != last) {
        last = place.sentence;
        const Sentence& sentence = document.sentences()[last];
        met.sentences.push_back(
            {document.written(sentence.first_word, sentence.end_word), {}, std::nullopt});
        met.sentences.back().sentiment = sentiment(met.sentences.back().text);
      }
      std::vector<std::size_t>& all = met.sentences.back().topics;
      if (std::find(all.begin(), all.end(), topic->second) == all.end()) {
        all.push_back(topic->second);
      }
    }
  }
  return met;
}

std::string shortened(std::string_view text) {
  if (text.size() <= kHighlightBytesMax) return std::string(text);
  std::size_t end = kHighlightBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::vector<Highlight> highlights_of(std::vector<const Spoken*> sentences, std::uint32_t most) {
  std::stable_sort(sentences.begin(), sentences.end(),
                   [](const Spoken* a, const Spoken* b) { return a->weight() > b->weight(); });
  std::vector<Highlight> chosen;
  const auto add_first = [&](auto&& wanted) {
    for (const Spoken* one : sentences) {
      if (chosen.size() == most || !wanted(one->sentiment.value_or(0))) continue;
      std::string text = shortened(one->text);
      const bool known = std::any_of(chosen.begin(), chosen.end(),
                                     [&](const Highlight& has) { return has.text == text; });
      if (known) continue;
      chosen.push_back({std::move(text), one->sentiment});
      return true;
    }
    return false;
  };
  add_first([](double sentiment) { return sentiment > 0; });
  add_first([](double sentiment) { return sentiment < 0; });
  while (add_first([](double) { return true; })) continue;
  return chosen;
}

std::optional<double> mean(std::span<const Comment> comments,
                           const std::vector<std::uint32_t>& which, double Comment::*of) {
  double sum = 0;
  std::size_t count = 0;
  for (const std::uint32_t comment : which) {
    const double value = comments[comment].*of;
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / static_cast<double>(count));
}

/// The most frequent one; of equally frequent ones the first in order of the alphabet.
std::string most_written(const std::map<std::string, std::uint32_t>& forms) {
  const auto most = std::max_element(
      forms.begin(), forms.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most->first;
}

}  // namespace

std::vector<Topic> find_topics(std::span<const Comment> comments, const TopicOptions& options) {
  std::vector<std::unique_ptr<Document>> documents;
  std::vector<std::vector<Place>> places;
  topics::Words words;
  for (const Comment& comment : comments) {
    documents.push_back(std::make_unique<Document>(comment.text));
    places.push_back(topics::phrases_of(*documents.back(), words));
  }
  std::vector<Candidate> chosen = topics::candidates(places, options.comments_min);
  if (chosen.size() > options.topics_max) chosen.resize(options.topics_max);
  const Met met = meet(documents, places, chosen);
  std::vector<std::vector<const Spoken*>> sentences(chosen.size());
  for (const Spoken& one : met.sentences) {
    for (const std::size_t topic : one.topics) sentences[topic].push_back(&one);
  }
  std::vector<Topic> found;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::vector<std::uint32_t>& of_topic = chosen[i].comments;
    found.push_back({most_written(met.written[i]), static_cast<std::uint32_t>(of_topic.size()),
                     mean(comments, of_topic, &Comment::rating),
                     mean(comments, of_topic, &Comment::sentiment),
                     highlights_of(std::move(sentences[i]), options.highlights_max)});
  }
  return found;
}

}  // namespace vitals::text
