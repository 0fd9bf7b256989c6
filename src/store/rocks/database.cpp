#include "database.h"

#include "translate.h"

namespace vitals::store {

Result<std::shared_ptr<Database>> Database::open(rocksdb::DBOptions options,
                                                 const rocksdb::ColumnFamilyOptions& table_options,
                                                 const std::string& folder, Mode mode,
                                                 std::unique_ptr<rocksdb::WalFilter> filter) {
  options.wal_filter = filter.get();
  options.create_if_missing = mode == Mode::read_write;
  std::vector<std::string> names = {rocksdb::kDefaultColumnFamilyName};
  const bool is_new = options.env->FileExists(folder + "/CURRENT").IsNotFound();
  if (!is_new) {
    const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(options, folder, &names);
    if (!listed.ok()) return to_error(listed, folder);
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(names.size());
  for (const std::string& name : names) families.emplace_back(name, table_options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      mode == Mode::read_only
          ? rocksdb::DB::OpenForReadOnly(options, folder, families, &handles, &db)
          : rocksdb::DB::Open(options, folder, families, &handles, &db);
  if (!opened.ok()) return to_error(opened, folder);
  std::shared_ptr<Database> database(new Database(db, std::move(filter)));
  bool all = true;
  for (rocksdb::ColumnFamilyHandle* handle : handles) all = database->add(handle) && all;
  if (!all) return Error{Errc::corruption, "store: more tables than this version makes"};
  return database;
}

bool Database::add(rocksdb::ColumnFamilyHandle* handle) {
  if (handle->GetID() >= kTablesMax) {
    db_->DestroyColumnFamilyHandle(handle);
    return false;
  }
  handles_[handle->GetID()] = handle;
  return true;
}

Database::~Database() {
  for (const auto& handle : handles_) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
  }
}

}  // namespace vitals::store
