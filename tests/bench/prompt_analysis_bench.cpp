#include <string>

#include <benchmark/benchmark.h>

#include <vitals/text/prompt_analysis.h>

// What the analysis of a prompt costs. Arguments: bytes of the text.

namespace {

/// A long prompt whose sentences differ, with headings, lists and a fence.
std::string prompt_of(std::size_t bytes) {
  std::string text;
  for (std::size_t part = 0; text.size() < bytes; ++part) {
    const std::string n = std::to_string(part);
    text += "## Steps " + n + "\n\nYou are an editor who checks report " + n +
            " for some readers in order to find mistakes. If a figure is wrong, correct it.\n\n";
    for (std::size_t item = 0; item < 8; ++item) {
      const std::string m = std::to_string(part * 8 + item);
      text += "- List at most " + m + " points about chapter" + m + " of {{book" + n +
              "}}, because the author of part" + m + " asked for " + m + " of them.\n";
    }
    text += "\n```json\n{\"points\": [" + n + "]}\n```\n\n";
  }
  text.resize(bytes);
  return text;
}

void BM_AnalysePrompt(benchmark::State& state) {
  const std::string text = prompt_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(vitals::text::analyse_prompt(text));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_AnalysePrompt)->Arg(500)->Arg(5'000)->Arg(1'000'000);

void BM_AnalyseOneWord(benchmark::State& state) {
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += "some ";
  for (auto _ : state) {
    benchmark::DoNotOptimize(vitals::text::analyse_prompt(text));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(BM_AnalyseOneWord)->Arg(1'000'000);

}  // namespace
