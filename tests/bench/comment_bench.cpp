#include <string>

#include <benchmark/benchmark.h>

#include <vitals/text/sentiment.h>

// What the sentiment of a comment costs, of which 8 KiB are read. Arguments: bytes of the text.

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

}  // namespace
