#include "kept_names.h"

namespace vitals::events {

Status KeptNames::names(model::Label field, std::uint64_t epoch,
                        std::span<const std::uint64_t> numbers,
                        std::vector<std::string_view>& texts) {
  Status found = source_.names(field, epoch, numbers, texts);
  if (!found || epoch != epoch_) return found;
  Known& known = known_[index(field)];
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    const std::uint32_t code = known.texts.intern(texts[i]);
    known.numbers.resize(known.texts.size());
    known.numbers[code - 1] = numbers[i];
  }
  return {};
}

void KeptNames::number(model::Label field, std::span<const std::string_view> texts,
                       std::vector<std::uint64_t>& numbers) {
  Known& known = known_[index(field)];
  numbers.clear();
  for (const std::string_view text : texts) {
    const std::uint32_t code = known.texts.intern(text);
    numbers.push_back(code <= known.numbers.size() ? known.numbers[code - 1] : 0);
  }
}

}  // namespace vitals::events
