#include <vitals/store/pairs.h>

namespace vitals::store {
namespace {

/// Keys of [from, to) that the index lacks.
Status visit_unlisted(const Snapshot& snapshot, Table values, std::string_view from,
                      std::string_view to, const PairVisitor& visit) {
  const auto cursor = snapshot.scan(values, from, to);
  for (; cursor->valid(); cursor->next()) {
    visit(cursor->key(), std::nullopt, std::optional<std::string>(cursor->value()));
  }
  return cursor->status();
}

}  // namespace

Status visit_pairs(const Snapshot& snapshot, Table index, Table values, const PairVisitor& visit) {
  std::string from;
  const auto cursor = snapshot.scan(index, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const std::string key(cursor->key());
    // The walk over what is not listed may end at damage; the key that is shows it then.
    if (from < key) (void)visit_unlisted(snapshot, values, from, key, visit);
    visit(key, cursor->value(), snapshot.get(values, key));
    from = key + '\0';
  }
  if (Status walked = cursor->status(); !walked) return walked;
  return visit_unlisted(snapshot, values, from, {}, visit);
}

}  // namespace vitals::store
