#include <vitals/store/rewrite.h>

namespace vitals::store {

Result<std::uint64_t> rewrite(const Snapshot& snapshot, Table table, const RowEdit& edit,
                              WriteBatch& changes) {
  std::uint64_t rewritten = 0;
  const auto cursor = snapshot.scan(table, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const auto value = edit(cursor->value());
    if (!value) continue;
    changes.put(table, cursor->key(), *value);
    ++rewritten;
  }
  if (Status walked = cursor->status(); !walked) return std::move(walked).error();
  return rewritten;
}

}  // namespace vitals::store
