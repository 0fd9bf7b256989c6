#include <vitals/store/store.h>

namespace vitals::store {
namespace {

class OwnedValue final : public Value {
 public:
  explicit OwnedValue(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return bytes_; }

 private:
  const std::string bytes_;
};

}  // namespace

Result<std::unique_ptr<const Value>> Snapshot::borrow(Table table, std::string_view key,
                                                      Cached) const {
  Result<std::optional<std::string>> copy = get(table, key);
  if (!copy) return std::move(copy).error();
  if (!*copy) return std::unique_ptr<const Value>();
  return std::unique_ptr<const Value>(std::make_unique<OwnedValue>(**std::move(copy)));
}

Result<bool> Store::purge(Table /*table*/, std::string_view /*begin*/, std::string_view /*end*/) {
  return true;
}

}  // namespace vitals::store
