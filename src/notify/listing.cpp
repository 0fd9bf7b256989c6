#include "listing.h"

#include <algorithm>
#include <utility>

#include "row.h"

namespace vitals::notify {
namespace {

/// The newest of one space that are let through.
Status collect(const store::Snapshot& snapshot, store::Table table, Space space,
               const DeliveryFilter& filter, std::vector<Delivery>& out) {
  const auto cursor =
      snapshot.scan(table, begin_of(space), end_of(space), store::Direction::backward);
  std::uint32_t found = 0;
  for (; cursor->valid() && found < filter.limit; cursor->next()) {
    auto row = decode(cursor->value());
    if (!row) continue;  // the courier makes it a dead letter that says so
    if (!filter.receiver.empty() && row->delivery.receiver != filter.receiver) continue;
    if (!filter.alert.empty() && row->delivery.alert != filter.alert) continue;
    out.push_back(std::move(row->delivery));
    ++found;
  }
  return cursor->status();
}

}  // namespace

Result<std::vector<Delivery>> list(const store::Store& store, store::Table table,
                                   const DeliveryFilter& filter) {
  constexpr std::pair<Space, DeliveryState> kSpaces[] = {{Space::waiting, DeliveryState::waiting},
                                                         {Space::put_back, DeliveryState::waiting},
                                                         {Space::dead, DeliveryState::dead},
                                                         {Space::log, DeliveryState::delivered}};
  std::vector<Delivery> all;
  const auto snapshot = store.snapshot();
  for (const auto& [space, state] : kSpaces) {
    if (filter.state && *filter.state != state) continue;
    if (auto status = collect(*snapshot, table, space, filter, all); !status) {
      return std::move(status).error();
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Delivery& a, const Delivery& b) {
    return a.created_at > b.created_at;
  });
  if (all.size() > filter.limit) all.resize(filter.limit);
  return all;
}

}  // namespace vitals::notify
