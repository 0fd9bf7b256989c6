#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <vitals/text/redact.h>
#include <vitals/text/sentiment.h>
#include <vitals/text/topics.h>

// What is made of comments: their sentiment, for which 8 KiB are read, what is kept of them, and
// what they speak of. Arguments: bytes of the text, or comments.

namespace {

std::string comment_of(std::size_t bytes) {
  std::string text;
  for (std::size_t part = 0; text.size() < bytes; ++part) {
    text += "The answer to question " + std::to_string(part) +
            " was not very helpful, but I loooove the tone! Why didn't it work? Write to joe" +
            std::to_string(part) + "@example.com 😀 or call +49 30 1234567. ";
  }
  text.resize(bytes);
  return text;
}

void BM_Sentiment(benchmark::State& state) {
  const std::string text = comment_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(vitals::text::sentiment(text));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Sentiment)->Arg(100)->Arg(1'000)->Arg(8'000);

/// With an address and a number every 130 bytes, or without.
void BM_Redact(benchmark::State& state) {
  std::string text = comment_of(static_cast<std::size_t>(state.range(0)));
  if (state.range(1) == 0) {
    for (char& c : text) c = (c >= '0' && c <= '9') || c == '@' ? 'x' : c;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(vitals::text::redact(text));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Redact)->ArgsProduct({{100, 1'000, 8'000}, {0, 1}});

void BM_Topics(benchmark::State& state) {
  const std::string words = comment_of(8'000);
  std::vector<vitals::text::Comment> comments;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    comments.push_back({std::string_view(words).substr(static_cast<std::size_t>(i % 7'000), 100)});
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(vitals::text::find_topics(comments, {}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Topics)->Arg(5'000)->Unit(benchmark::kMillisecond);

}  // namespace
