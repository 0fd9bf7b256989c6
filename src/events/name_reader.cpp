#include "name_reader.h"

#include <algorithm>
#include <limits>

namespace vitals::events {
namespace {

std::size_t bytes_of(const model::TextColumn& names) {
  return names.bytes.capacity() + names.ends.capacity() * sizeof(std::uint32_t);
}

/// Sets the texts; the first number that is not there, or 0.
std::uint64_t look_up(const model::TextColumn& names, std::span<const std::uint64_t> numbers,
                      std::vector<std::string_view>& texts) {
  texts.assign(numbers.size(), {});
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    if (numbers[i] > names.size()) return numbers[i];
    texts[i] = names.at(static_cast<std::size_t>(numbers[i]) - 1);
    if (texts[i].empty()) return numbers[i];
  }
  return 0;
}

}  // namespace

std::string names_begin(std::uint64_t epoch, model::Label field) {
  return name_key(epoch, field, 0);
}
std::string names_end(std::uint64_t epoch, model::Label field) {
  return name_key(epoch, field, std::numeric_limits<std::uint64_t>::max());
}

EpochNames NameCache::find(std::uint64_t epoch, model::Label field) {
  return entries_.with([&](std::vector<Entry>& entries) -> EpochNames {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.epoch == epoch && entry.field == field;
    });
    if (found == entries.end()) return nullptr;
    std::rotate(found, found + 1, entries.end());
    return entries.back().names;
  });
}

void NameCache::put(std::uint64_t epoch, model::Label field, EpochNames names) {
  entries_.with([&](std::vector<Entry>& entries) {
    std::erase_if(entries,
                  [&](const Entry& entry) { return entry.epoch == epoch && entry.field == field; });
    entries.push_back({epoch, field, std::move(names)});
    std::size_t bytes = 0;
    auto oldest = entries.end();
    while (oldest != entries.begin() &&
           (bytes += bytes_of(*std::prev(oldest)->names)) <= bytes_max_) {
      --oldest;
    }
    entries.erase(entries.begin(), oldest);
  });
}

void NameCache::forget(std::uint64_t epoch) {
  entries_.with([epoch](std::vector<Entry>& entries) {
    std::erase_if(entries, [epoch](const Entry& entry) { return entry.epoch == epoch; });
  });
}

Status NameReader::names(model::Label field, std::uint64_t epoch,
                         std::span<const std::uint64_t> numbers,
                         std::vector<std::string_view>& texts) {
  Held& held = held_[index(field)];
  if (held.epoch != epoch || held.names == nullptr) {
    held = {epoch, cache_.find(epoch, field), false};
  }
  std::uint64_t missing = held.names == nullptr ? 1 : look_up(*held.names, numbers, texts);
  if (missing != 0 && !held.of_snapshot) {
    // Cached names that end too early are of an older snapshot, and the first of this one's.
    const bool extends = held.names != nullptr && missing > held.names->size();
    Result<EpochNames> loaded = load(field, epoch, extends ? held.names : nullptr);
    if (!loaded) return std::move(loaded).error();
    missing = look_up(**loaded, numbers, texts);
    if (missing != 0 && extends) {  // the cached ones are of a newer snapshot, which has fewer
      loaded = load(field, epoch, nullptr);
      if (!loaded) return std::move(loaded).error();
      missing = look_up(**loaded, numbers, texts);
    }
    held = {epoch, *loaded, true};
    cache_.put(epoch, field, held.names);
  }
  if (missing == 0) return {};
  return Error{Errc::corruption, "event names: epoch " + std::to_string(epoch) + " has no number " +
                                     std::to_string(missing)};
}

Result<EpochNames> NameReader::load(model::Label field, std::uint64_t epoch,
                                    const EpochNames& known) {
  auto names = known == nullptr ? std::make_shared<model::TextColumn>()
                                : std::make_shared<model::TextColumn>(*known);
  const auto cursor =
      snapshot_.scan(table_, name_key(epoch, field, names->size() + 1), names_end(epoch, field));
  for (; cursor->valid(); cursor->next()) {
    const Result<NameChunk> chunk = codec_.decode(cursor->key(), cursor->value());
    if (!chunk) return chunk.error();
    for (std::size_t i = 0; i < chunk->numbers.size(); ++i) {
      if (chunk->numbers[i] <= names->size()) {
        return Error{Errc::corruption,
                     "event names: epoch " + std::to_string(epoch) + " has numbers twice"};
      }
      while (names->size() + 1 < chunk->numbers[i]) names->push_back({});
      names->push_back(chunk->texts.at(i));
    }
  }
  // Whatever keeps the store from giving the bytes says nothing about the names.
  if (const Status status = cursor->status(); !status) {
    return Error{Errc::io, "event names: " + status.error().message};
  }
  return EpochNames(std::move(names));
}

}  // namespace vitals::events
