// Any bytes at all must be analysed: traits in their ranges, findings on lines that exist.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <vitals/text/prompt_analysis.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vitals;
  const auto analysis = text::analyse_prompt({reinterpret_cast<const char*>(data), size});
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    const double most = model::kTraits[i] == model::Number::redundancy ? 1 : 10;
    const double value = analysis.traits[i];
    if (!std::isnan(value) && !(value >= 0 && value <= most)) std::abort();
  }
  for (const text::Finding& finding : analysis.findings) {
    if (finding.line < 1 || finding.line > analysis.counts.lines) std::abort();
  }
  return 0;
}
