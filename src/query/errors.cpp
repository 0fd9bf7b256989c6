#include "errors.h"

#include <algorithm>
#include <map>
#include <utility>

#include <vitals/model/partition.h>
#include <vitals/model/rows.h>

#include "log_answer.h"
#include "raw_reader.h"

namespace vitals::query {
namespace {

using Places = std::map<std::string, std::uint64_t, std::less<>>;

struct Tally {
  metrics::Counts counts;
  TimeMs first_ms = 0;
  TimeMs last_ms = 0;
  Places prompts;
  Places models;
};

/// What was added up of the errors, by class.
class Errors {
 public:
  void add(const model::ExecutionBatch& batch, std::vector<std::uint32_t> rows);
  void merge(Errors&& other);

  /// Texts kept.
  std::size_t size() const { return size_; }
  ErrorsAnswer answer(const ErrorsRequest& request) const;

 private:
  Tally& tally(std::string_view type, TimeMs time) {
    if (const auto found = by_type_.find(type); found != by_type_.end()) return found->second;
    ++size_;
    Tally& fresh = by_type_[std::string(type)];
    fresh.first_ms = fresh.last_ms = time;
    return fresh;
  }
  void count(std::string_view label, std::uint64_t count, Places& places) {
    auto found = places.find(label);
    if (found == places.end()) found = places.emplace(label, 0).first, ++size_;
    found->second += count;
  }

  std::uint64_t executions_ = 0;
  std::map<std::string, Tally, std::less<>> by_type_;
  std::size_t size_ = 0;
};

void Errors::add(const model::ExecutionBatch& batch, std::vector<std::uint32_t> rows) {
  std::erase_if(rows, [&batch](std::uint32_t row) { return !batch.is_execution(row); });
  executions_ += rows.size();
  std::erase_if(rows, [&batch](std::uint32_t row) {
    return batch.outcome_at(row).success != model::Tri::no;
  });
  if (rows.empty()) return;
  const auto types = model::encode_field(batch, "error.type");
  const auto prompts = model::encode_field(batch, "prompt");
  const auto models = model::encode_field(batch, "model");
  model::Partition partition(std::move(rows));
  for (const auto* field : {&types, &prompts, &models}) {
    partition.split(field->codes, field->values.size());
  }
  for (const std::span<const std::uint32_t> part : partition.parts()) {
    const std::uint32_t any = part.front();
    Tally& of_type = tally(types.values[types.codes[any]], batch.time_ms[any]);
    count(prompts.values[prompts.codes[any]], part.size(), of_type.prompts);
    count(models.values[models.codes[any]], part.size(), of_type.models);
    for (const std::uint32_t row : part) {
      of_type.counts.add(batch.outcome_at(row));
      of_type.first_ms = std::min(of_type.first_ms, batch.time_ms[row]);
      of_type.last_ms = std::max(of_type.last_ms, batch.time_ms[row]);
    }
  }
}

void Errors::merge(Errors&& other) {
  executions_ += other.executions_;
  for (const auto& [type, theirs] : other.by_type_) {
    Tally& mine = tally(type, theirs.first_ms);
    mine.counts.merge(theirs.counts);
    mine.first_ms = std::min(mine.first_ms, theirs.first_ms);
    mine.last_ms = std::max(mine.last_ms, theirs.last_ms);
    for (const auto& [label, counted] : theirs.prompts) count(label, counted, mine.prompts);
    for (const auto& [label, counted] : theirs.models) count(label, counted, mine.models);
  }
}

std::vector<ErrorPlace> most(const Places& places, std::size_t limit) {
  std::vector<ErrorPlace> all;
  for (const auto& [label, count] : places) all.push_back({label, count});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

ErrorsAnswer Errors::answer(const ErrorsRequest& request) const {
  ErrorsAnswer answer;
  answer.executions = executions_;
  answer.classes_known = by_type_.size();
  std::vector<const std::pair<const std::string, Tally>*> order;
  for (const auto& one : by_type_) {
    order.push_back(&one);
    answer.errors += one.second.counts.errors;
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->second.counts.errors > b->second.counts.errors;
  });
  if (order.size() > request.classes_max) order.resize(request.classes_max);
  for (const auto* one : order) {
    const Tally& tally = one->second;
    answer.classes.push_back({one->first, tally.counts, tally.first_ms, tally.last_ms,
                              most(tally.prompts, request.places_max),
                              most(tally.models, request.places_max)});
  }
  return answer;
}

/// Adds up a part of the events.
struct Part {
  RawBlocks blocks;
  Errors errors;

  Result<bool> step(const Deadline& deadline, std::size_t texts_max) {
    Result<bool> more = blocks.step(deadline);
    if (!more || !*more) return more;
    errors.add(blocks.block().rows, std::move(blocks.rows()));
    return errors.size() <= texts_max;
  }
};

Error too_many() {
  return {Errc::unprocessable,
          "there are too many different classes of errors, prompts and models to tell; narrow the "
          "question by a filter or a shorter range"};
}

Result<ErrorsAnswer> answer_now(const Sources& sources, const ErrorsRequest& request,
                                const Reading& reading, TimeMs from_ms, TimeMs to_ms) {
  const std::vector<std::string> fields{"error.type", "prompt", "model"};
  RawWork work(reading.log, request.filters, fields, {}, sources.catalogue.options());
  if (Status added = work.add(from_ms, to_ms, 0); !added) return added.error();

  const std::size_t texts_max = sources.options.points_max;
  std::vector<Part> parts;
  const std::size_t count = sources.team.parts_for(work.rows());
  for (auto& stretches : work.parts(count)) {
    parts.push_back({RawBlocks(work, std::move(stretches)), {}});
  }
  const auto step = [&](std::size_t part) { return parts[part].step(reading.deadline, texts_max); };
  if (Status read = sources.team.run(parts.size(), step); !read) return read.error();
  Errors& all = parts.front().errors;
  for (std::size_t i = 1; i < parts.size() && all.size() <= texts_max; ++i) {
    all.merge(std::move(parts[i].errors));
  }
  if (all.size() > texts_max) return too_many();
  return all.answer(request);
}

}  // namespace

Result<ErrorsAnswer> answer_errors(const Sources& sources, const ErrorsRequest& request) {
  return answer_from_log(sources, request, {},
                         [&](const Reading& reading, TimeMs from_ms, TimeMs to_ms) {
                           return answer_now(sources, request, reading, from_ms, to_ms);
                         });
}

}  // namespace vitals::query
