#include <vitals/store/pairs.h>

namespace vitals::store {
namespace {

/// Keys of [from, to) that the index lacks. A walk that damage ends says nothing of them: the next
/// key that is listed shows the damage.
void visit_unlisted(const Snapshot& snapshot, Table values, std::string_view from,
                    std::string_view to, const PairVisitor& visit) {
  for (auto cursor = snapshot.scan(values, from, to); cursor->valid(); cursor->next()) {
    visit(cursor->key(), std::nullopt, std::optional<std::string>(cursor->value()));
  }
}

}  // namespace

Status visit_pairs(const Snapshot& snapshot, Table index, Table values, const PairVisitor& visit) {
  std::string from;
  const auto cursor = snapshot.scan(index, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const std::string key(cursor->key());
    if (from < key) visit_unlisted(snapshot, values, from, key, visit);
    visit(key, cursor->value(), snapshot.get(values, key));
    from = key + '\0';
  }
  if (Status walked = cursor->status(); !walked) return walked;
  visit_unlisted(snapshot, values, from, {}, visit);
  return {};
}

}  // namespace vitals::store
