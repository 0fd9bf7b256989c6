#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include <vitals/registry/prompts.h>

#include "prompt_row.h"

namespace vitals::registry {
namespace {

using model::PromptVersion;

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

const Prompts::Entry* Prompts::Known::find(std::string_view prompt,
                                           std::string_view version) const {
  const auto of_prompt = prompts.find(prompt);
  if (of_prompt == prompts.end()) return nullptr;
  const auto found = of_prompt->second.find(version);
  return found == of_prompt->second.end() ? nullptr : &found->second;
}

void Prompts::Known::add(const PromptVersion& version) {
  const Entry entry{version.registered_at, version.traits};
  versions += prompts[version.prompt].emplace(version.version, entry).second ? 1 : 0;
}

Result<std::unique_ptr<Prompts>> Prompts::open(store::Store& store,
                                               std::vector<Error>* unreadable) {
  const auto table = store.table("prompts");
  if (!table) return table.error();
  std::unique_ptr<Prompts> prompts(new Prompts(store, *table));
  if (auto loaded = prompts->load(unreadable); !loaded) return std::move(loaded).error();
  return prompts;
}

Status Prompts::load(std::vector<Error>* unreadable) {
  Known known;
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const auto version = decode_prompt(cursor->value());
    if (version) {
      known.add(*version);
    } else if (unreadable != nullptr) {
      unreadable->push_back(version.error());
    }
  }
  if (auto status = cursor->status(); !status) return status;
  known_.with([&known](Known& mine) { mine = std::move(known); });
  return {};
}

Result<bool> Prompts::is_new(const PromptVersion& version) const {
  const auto there = find(version.prompt, version.version);
  if (!there) return there.error();
  if (*there) {
    if ((*there)->text == version.text) return false;
    return Error{Errc::already_exists, "version " + version.version + " of " + version.prompt +
                                           " is registered with another text"};
  }
  return known_.with([&](const Known& known) -> Result<bool> {
    if (!version.parent.empty() && known.find(version.prompt, version.parent) == nullptr) {
      return Error{Errc::unprocessable,
                   "parent: " + version.prompt + " has no version " + version.parent};
    }
    if (known.versions >= kVersionsMax) {
      return Error{Errc::resource_exhausted, "there are " + std::to_string(kVersionsMax) +
                                                 " versions of prompts, no more are taken"};
    }
    return true;
  });
}

Result<bool> Prompts::add(const PromptVersion& version) {
  const std::lock_guard lock(adding_);
  auto fresh = is_new(version);
  if (!fresh || !*fresh) return fresh;
  store::WriteBatch change;
  change.put(table_, key_of(version.prompt, version.version), encode(version));
  if (auto stored = store_.commit(change, store::Sync::yes); !stored) {
    return std::move(stored).error();
  }
  known_.with([&version](Known& known) { known.add(version); });
  return true;
}

Result<std::optional<PromptVersion>> Prompts::find(std::string_view prompt,
                                                   std::string_view version) const {
  const auto row = store_.snapshot()->get(table_, key_of(prompt, version));
  if (!row) return row.error();
  if (!row->has_value()) return std::optional<PromptVersion>();
  auto decoded = decode_prompt(**row);
  if (!decoded) return std::move(decoded).error();
  return std::optional(*std::move(decoded));
}

Result<std::vector<PromptVersion>> Prompts::versions(std::string_view prompt) const {
  std::vector<PromptVersion> versions;
  const std::string begin = key_of(prompt, {});
  std::string end = begin;
  end.back() = '\1';
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, begin, end);
  for (; cursor->valid(); cursor->next()) {
    auto version = decode_prompt(cursor->value());
    if (!version) return std::move(version).error();
    versions.push_back(*std::move(version));
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  std::stable_sort(versions.begin(), versions.end(),
                   [](const PromptVersion& a, const PromptVersion& b) {
                     return a.registered_at < b.registered_at;
                   });
  return versions;
}

std::vector<Prompts::Summary> Prompts::prompts() const {
  return known_.with([](const Known& known) {
    std::vector<Summary> all;
    for (const auto& [prompt, versions] : known.prompts) {
      const auto latest =
          std::max_element(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
            return a.second.registered_at < b.second.registered_at;
          });
      all.push_back({prompt, versions.size(), latest->first, latest->second.registered_at});
    }
    return all;
  });
}

void Prompts::apply(model::ExecutionBatch& batch) const {
  const model::SymbolColumn& prompts = batch[model::Label::prompt];
  const model::SymbolColumn& versions = batch[model::Label::version];
  if (prompts.codes.empty() || versions.codes.empty()) return;
  std::vector<std::optional<model::Traits>> found;
  std::vector<std::uint32_t> of_row(batch.rows());  // in `found`
  const bool any = known_.with([&](const Known& known) {
    if (known.prompts.empty()) return false;
    std::unordered_map<std::uint64_t, std::uint32_t> seen;  // by both codes
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      const std::uint64_t pair =
          std::uint64_t{prompts.codes[row]} << 32U | std::uint64_t{versions.codes[row]};
      const auto [at, is_new] = seen.emplace(pair, static_cast<std::uint32_t>(found.size()));
      of_row[row] = at->second;
      if (!is_new) continue;
      const Entry* const entry = known.find(prompts.at(row), versions.at(row));
      found.push_back(entry == nullptr ? std::nullopt : std::optional(entry->traits));
    }
    return true;
  });
  if (!any) return;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    if (found[of_row[row]]) fill(batch, row, *found[of_row[row]]);
  }
}

}  // namespace vitals::registry
