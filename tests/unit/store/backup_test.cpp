#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <sys/mount.h>
#include <sys/stat.h>

#include <vitals/store/backup.h>
#include <vitals/store/folder_lock.h>
#include <vitals/store/rocks.h>

#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::store;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string read(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A data folder with a store in use and a key beside it.
struct DataFolder {
  explicit DataFolder(std::string path) : folder(std::move(path)), store(open()) {
    write(key_file(), "the key");
    ::chmod(key_file().c_str(), 0600);
  }

  std::unique_ptr<Store> open() const {
    auto opened = open_rocks({folder + "/store"}, quiet_logger());
    if (!opened) FAIL(opened.error().message);
    return std::move(opened).value();
  }
  std::string key_file() const { return folder + "/a-key-file"; }
  void put(const std::string& key, const std::string& value) const {
    WriteBatch batch;
    batch.put(*store->table("t"), key, value);
    REQUIRE(store->commit(batch, Sync::yes));
  }
  std::optional<std::string> get(const std::string& key) const {
    return *store->snapshot()->get(*store->table("t"), key);
  }
  Backups backups(const std::string& to) const {
    return {*store, to, {{"pseudonym.key", key_file()}}};
  }

  const std::string folder;
  std::unique_ptr<Store> store;
};

std::vector<std::string> names(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    found.push_back(entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("a backup holds what was there before it, and is restored as a data folder") {
  test::TempFolder folder;
  const DataFolder data(folder.file("data"));
  data.put("a", "before");
  Backups backups = data.backups(folder.file("backups"));
  const auto bytes = backups.make("nightly");
  REQUIRE(bytes);
  CHECK(*bytes > 0);
  data.put("a", "after");

  REQUIRE(restore_backup(folder.file("backups/nightly"), folder.file("other")));
  CHECK(read(folder.file("other/pseudonym.key")) == "the key");
  CHECK((fs::status(folder.file("other/pseudonym.key")).permissions() & fs::perms::others_all) ==
        fs::perms::none);
  const DataFolder other(folder.file("other"));
  CHECK(other.get("a") == "before");
  CHECK(data.get("a") == "after");
}

TEST_CASE("names of backups stay below their folder, and are given once") {
  test::TempFolder folder;
  const DataFolder data(folder.file("data"));
  Backups backups = data.backups(folder.file("backups"));
  const std::string name = GENERATE(as<std::string>(), "", ".", "..", "../x", "a/b", "/tmp/x",
                                    ".hidden", "a b", "LOCK", std::string(65, 'a'));
  CAPTURE(name);
  const auto refused = backups.make(name);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::invalid_argument);

  REQUIRE(backups.make("one-1.x_Y"));
  const auto again = backups.make("one-1.x_Y");
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::already_exists);
  CHECK(names(folder.file("backups")) == std::vector<std::string>{"LOCK", "one-1.x_Y"});
}

TEST_CASE("without a folder there are no backups, and one is made at a time") {
  test::TempFolder folder;
  const DataFolder data(folder.file("data"));
  const auto none = data.backups("").make("x");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::unprocessable);

  const auto held = FolderLock::take(folder.file("backups"));
  REQUIRE(held);
  const auto busy = data.backups(folder.file("backups")).make("x");
  REQUIRE_FALSE(busy);
  CHECK(busy.error().code == Errc::unavailable);
}

TEST_CASE("a backup that fails leaves nothing and names no folder; the rest of a killed one goes") {
  test::TempFolder folder;
  const DataFolder data(folder.file("data"));
  data.put("a", "1");
  Backups backups = data.backups(folder.file("backups"));
  fs::create_directories(folder.file("backups/.unfinished/store"));
  fs::remove(data.key_file());
  const auto failed = backups.make("x");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find(folder.path().string()) == std::string::npos);
  CHECK(names(folder.file("backups")) == std::vector<std::string>{"LOCK"});
}

TEST_CASE("a disk that is too small for a backup is named as the reason, and nothing is left") {
  test::TempFolder folder;
  const DataFolder data(folder.file("data"));
  data.put("a", std::string(3 << 20, 'x'));
  const std::string small = folder.file("small");
  fs::create_directory(small);
  if (::mount("vitals", small.c_str(), "tmpfs", 0, "size=1m") != 0) {
    WARN("a small disk cannot be mounted here");
    return;
  }
  const auto full = data.backups(small).make("x");
  const auto left = names(small);
  REQUIRE(::umount(small.c_str()) == 0);
  REQUIRE_FALSE(full);
  CHECK(full.error().code == Errc::resource_exhausted);
  CHECK(full.error().message.find(small) == std::string::npos);
  CHECK(left == std::vector<std::string>{"LOCK"});
  data.put("b", "the store itself goes on");
}

TEST_CASE("nothing is restored over anything, or from what is no backup") {
  test::TempFolder folder;
  const DataFolder data(folder.file("data"));
  data.put("a", "1");
  REQUIRE(data.backups(folder.file("backups")).make("x"));
  const auto over = restore_backup(folder.file("backups/x"), data.folder);
  REQUIRE_FALSE(over);
  CHECK(over.error().code == Errc::already_exists);
  CHECK(data.get("a") == "1");

  const auto held = FolderLock::take(folder.file("used"));
  const auto used = restore_backup(folder.file("backups/x"), folder.file("used"));
  REQUIRE_FALSE(used);
  CHECK(used.error().code == Errc::already_exists);

  const auto inside = restore_backup(folder.file("backups/x"), folder.file("backups/x/new"));
  CHECK(inside.error().code == Errc::invalid_argument);
  {
    const auto lock = FolderLock::take(folder.file("backups/x"));
    REQUIRE(lock);
    const auto locked = restore_backup(folder.file("backups/x"), folder.file("new"));
    CHECK(locked.error().code == Errc::already_exists);
  }
  const auto none = restore_backup(folder.file("backups"), folder.file("new"));
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::not_found);
  CHECK_FALSE(fs::exists(folder.file("new")));
}

TEST_CASE("a store that is read only changes nothing and takes nothing") {
  test::TempFolder folder;
  {
    const DataFolder data(folder.file("data"));
    data.put("a", "1");
  }
  const auto before = names(folder.file("data/store"));
  RocksOptions options{folder.file("data/store")};
  options.read_only = true;
  {
    auto store = *open_rocks(options, quiet_logger());
    const Table table = *store->table("t");
    CHECK(*store->snapshot()->get(table, "a") == "1");
    WriteBatch batch;
    batch.put(table, "a", "2");
    CHECK(store->commit(batch, Sync::yes).error().code == Errc::permission_denied);
    CHECK_FALSE(store->table("new"));
  }
  CHECK(names(folder.file("data/store")) == before);
  options.folder = folder.file("none");
  CHECK_FALSE(open_rocks(options, quiet_logger()));
  CHECK_FALSE(fs::exists(folder.file("none")));
}
