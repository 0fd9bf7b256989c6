#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <vitals/registry/prompts.h>

#include "prompt_row.h"

namespace vitals::registry {
namespace {

using model::PromptVersion;

/// By when they were registered, then by name.
bool is_older(const PromptVersion& a, const PromptVersion& b) {
  return std::tie(a.registered_at, a.version) < std::tie(b.registered_at, b.version);
}

std::string key_of(std::string_view prompt, std::string_view version) {
  std::string key(prompt);
  key.push_back('\0');
  return key.append(version);
}

/// Gives one row the traits that it has no own value of.
void fill(model::ExecutionBatch& batch, std::size_t row, const model::Traits& traits) {
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    if (std::isnan(traits[i])) continue;
    auto& column = batch.numbers[model::index(model::kTraits[i])];
    if (column.empty()) column.resize(batch.rows(), model::kAbsent);
    if (std::isnan(column[row])) column[row] = traits[i];
  }
}

}  // namespace

const PromptVersion* Prompts::Known::find(std::string_view prompt, std::string_view version) const {
  const auto of_prompt = prompts.find(prompt);
  if (of_prompt == prompts.end()) return nullptr;
  const auto found = of_prompt->second.find(version);
  return found == of_prompt->second.end() ? nullptr : &found->second;
}

void Prompts::Known::add(PromptVersion version, std::size_t bytes) {
  version.text.clear();
  version.text.shrink_to_fit();
  std::string name = version.version;
  Versions& of_prompt = prompts[version.prompt];
  if (!of_prompt.emplace(std::move(name), std::move(version)).second) return;
  ++versions;
  text_bytes += bytes;
}

void Prompts::Known::remove(const std::string& prompt, const std::string& version,
                            std::size_t bytes) {
  Versions& of_prompt = prompts[prompt];
  of_prompt.erase(version);
  if (of_prompt.empty()) prompts.erase(prompt);
  --versions;
  text_bytes -= bytes;
}

Result<std::unique_ptr<Prompts>> Prompts::open(store::Store& store,
                                               std::vector<Error>* unreadable) {
  const auto table = store.table("prompts");
  if (!table) return table.error();
  const auto texts = store.table("prompt_texts");
  if (!texts) return texts.error();
  std::unique_ptr<Prompts> prompts(new Prompts(store, *table, *texts));
  if (auto loaded = prompts->load(unreadable); !loaded) return std::move(loaded).error();
  return prompts;
}

Status Prompts::load(std::vector<Error>* unreadable) {
  Known known;
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    auto row = decode_prompt(cursor->value());
    if (row) {
      known.add(std::move(row->version), row->text_bytes);
    } else if (unreadable != nullptr) {
      std::string key(cursor->key());
      std::replace(key.begin(), key.end(), '\0', ' ');
      unreadable->push_back({row.error().code, key + ": " + row.error().message});
    }
  }
  if (auto status = cursor->status(); !status) return status;
  any_ = known.versions != 0;
  known_.with([&known](Known& mine) { mine = std::move(known); });
  return {};
}

Result<bool> Prompts::is_new(const PromptVersion& version) const {
  const auto there = find(version.prompt, version.version);
  if (!there) return there.error();
  if (*there) {
    const PromptVersion& known = **there;
    const bool same_parent = version.parent.empty() || version.parent == known.parent;
    const bool same_author = version.author.empty() || version.author == known.author;
    if (known.text == version.text && same_parent && same_author) return false;
    const char* const what = known.text != version.text ? "text"
                             : !same_parent             ? "parent"
                                                        : "author";
    return Error{Errc::already_exists, "version " + version.version + " of " + version.prompt +
                                           " is registered with another " + what};
  }
  return known_.with([&](const Known& known) -> Result<bool> {
    if (!version.parent.empty() && known.find(version.prompt, version.parent) == nullptr) {
      return Error{Errc::unprocessable,
                   "parent: " + version.prompt + " has no version " + version.parent};
    }
    if (known.versions >= kVersionsMax || known.text_bytes + version.text.size() > kTextBytesMax) {
      return Error{Errc::unprocessable, "no more versions are taken: there are " +
                                            std::to_string(known.versions) + " with " +
                                            std::to_string(known.text_bytes) + " bytes of text"};
    }
    return true;
  });
}

Result<bool> Prompts::add(const PromptVersion& version) {
  const std::lock_guard lock(changing_);
  auto fresh = is_new(version);
  if (!fresh || !*fresh) return fresh;
  const std::string key = key_of(version.prompt, version.version);
  store::WriteBatch change;
  change.put(table_, key, encode(version));
  change.put(texts_, key, version.text);
  if (auto stored = store_.commit(change, store::Sync::yes); !stored) {
    return std::move(stored).error();
  }
  known_.with([&version](Known& known) { known.add(version, version.text.size()); });
  any_ = true;
  return true;
}

Result<PromptVersion> Prompts::remove(const std::string& prompt, const std::string& version) {
  const std::lock_guard lock(changing_);
  const bool there =
      known_.with([&](const Known& known) { return known.find(prompt, version) != nullptr; });
  if (!there) return Error{Errc::not_found, prompt + " has no registered version " + version};
  const std::string key = key_of(prompt, version);
  const auto bytes = store_.snapshot()->get(table_, key);
  if (!bytes) return bytes.error();
  auto row = decode_prompt(bytes->value_or(""));
  if (!row) return std::move(row).error();
  store::WriteBatch change;
  change.erase(table_, key);
  change.erase(texts_, key);
  if (auto stored = store_.commit(change, store::Sync::yes); !stored) {
    return std::move(stored).error();
  }
  known_.with([&](Known& known) { known.remove(prompt, version, row->text_bytes); });
  return std::move(row->version);
}

Result<std::optional<PromptVersion>> Prompts::find(std::string_view prompt,
                                                   std::string_view version) const {
  auto found = known_.with([&](const Known& known) {
    const PromptVersion* const there = known.find(prompt, version);
    return there == nullptr ? std::nullopt : std::optional(*there);
  });
  if (!found) return found;
  auto text = store_.snapshot()->get(texts_, key_of(prompt, version));
  if (!text) return std::move(text).error();
  if (!text->has_value()) {
    return Error{Errc::corruption, "the text of version " + found->version + " is not there"};
  }
  found->text = **std::move(text);
  return found;
}

std::vector<PromptVersion> Prompts::versions(std::string_view prompt) const {
  std::vector<PromptVersion> versions;
  known_.with([&](const Known& known) {
    const auto of_prompt = known.prompts.find(prompt);
    if (of_prompt == known.prompts.end()) return;
    for (const auto& [name, version] : of_prompt->second) versions.push_back(version);
  });
  std::sort(versions.begin(), versions.end(), is_older);
  return versions;
}

std::vector<Prompts::Summary> Prompts::prompts() const {
  return known_.with([](const Known& known) {
    std::vector<Summary> all;
    for (const auto& [prompt, versions] : known.prompts) {
      const auto latest = std::max_element(
          versions.begin(), versions.end(),
          [](const auto& a, const auto& b) { return is_older(a.second, b.second); });
      all.push_back({prompt, versions.size(), latest->first, latest->second.registered_at});
    }
    return all;
  });
}

void Prompts::apply(model::ExecutionBatch& batch) const {
  const model::SymbolColumn& prompts = batch[model::Label::prompt];
  const model::SymbolColumn& versions = batch[model::Label::version];
  if (!any_ || prompts.codes.empty() || versions.codes.empty()) return;
  struct Pair {
    std::size_t row;  // the first that has it
    std::optional<model::Traits> traits;
  };
  const auto mixed = [](std::uint64_t codes) {
    return static_cast<std::size_t>((codes ^ codes >> 32U) * 0x9e3779b97f4a7c15U >> 16U);
  };
  std::unordered_map<std::uint64_t, std::uint32_t, decltype(mixed)> seen(16, mixed);  // by codes
  std::vector<Pair> pairs;
  std::vector<std::uint32_t> pair_of(batch.rows());
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const std::uint64_t codes =
        std::uint64_t{prompts.codes[row]} << 32U | std::uint64_t{versions.codes[row]};
    auto at = seen.find(codes);
    if (at == seen.end()) {
      at = seen.emplace(codes, static_cast<std::uint32_t>(pairs.size())).first;
      pairs.push_back({row, std::nullopt});
    }
    pair_of[row] = at->second;
  }
  known_.with([&](const Known& known) {
    for (Pair& pair : pairs) {
      const PromptVersion* const found = known.find(prompts.at(pair.row), versions.at(pair.row));
      if (found != nullptr) pair.traits = found->traits;
    }
  });
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    if (const auto& traits = pairs[pair_of[row]].traits) fill(batch, row, *traits);
  }
}

}  // namespace vitals::registry
