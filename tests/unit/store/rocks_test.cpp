// What only a store on disk does: reopening, crashes, damage, a full disk, copies.
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <catch2/catch.hpp>

#include <vitals/store/keys.h>
#include <vitals/store/rocks.h>

#include "support/faulty_file_system.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::store;
using test::FaultyFileSystem;

namespace {

RocksOptions options(const test::TempFolder& folder, rocksdb::Env* env = nullptr) {
  return {folder.file("store"), 256ULL << 10, 1ULL << 20, env};
}

std::unique_ptr<Store> open(const RocksOptions& options) {
  auto opened = open_rocks(options, quiet_logger());
  if (!opened) FAIL(opened.error().message);
  return std::move(opened).value();
}

std::string key(std::uint64_t number) {
  std::string text;
  put_u64(text, number);
  return text;
}

/// Two tables that always hold the same keys, so that half a commit shows.
struct Twins {
  explicit Twins(Store& store) : first(*store.table("first")), second(*store.table("second")) {}
  Table first, second;

  Status put(Store& store, std::uint64_t number, Sync sync = Sync::yes) const {
    WriteBatch batch;
    batch.put(first, key(number), std::string(1000, static_cast<char>('a' + number % 26)));
    batch.put(second, key(number), key(number * 7));
    return store.commit(batch, sync);
  }

  /// A refused commit tried again until the store has noticed that there is room.
  Status put_when_room(Store& store, std::uint64_t number) const {
    Status status = put(store, number);
    while (!status && status.error().code == Errc::resource_exhausted) {
      std::this_thread::yield();
      status = put(store, number);
    }
    return status;
  }

  /// How many commits are there: 0 … n-1, whole, without a gap.
  std::uint64_t whole(const Store& store) const {
    const auto snapshot = store.snapshot();
    std::uint64_t n = 0;
    const auto a = snapshot->scan(first, "", ""), b = snapshot->scan(second, "", "");
    for (; a->valid() && b->valid(); a->next(), b->next(), ++n) {
      REQUIRE(get_u64(a->key()) == n);
      REQUIRE(get_u64(b->key()) == n);
      REQUIRE(get_u64(b->value()) == n * 7);
      REQUIRE(a->value() == std::string(1000, static_cast<char>('a' + n % 26)));
    }
    CHECK_FALSE(a->valid());
    CHECK_FALSE(b->valid());
    REQUIRE(a->status());
    return n;
  }
};

std::filesystem::path newest(const std::string& folder, const std::string& extension) {
  std::filesystem::path found;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == extension && file.path() > found) found = file.path();
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

void flip_byte(const std::filesystem::path& file, std::uint64_t at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(stream.get() ^ 0x10);
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(byte);
  REQUIRE(stream.good());
}

}  // namespace

TEST_CASE("a store keeps everything over a restart") {
  test::TempFolder folder;
  {
    const auto store = open(options(folder));
    const Twins twins(*store);
    for (std::uint64_t i = 0; i < 1000; ++i) REQUIRE(twins.put(*store, i, Sync::no));
    CHECK(store->usage().disk_bytes > 100'000);
    CHECK(store->usage().memory_bytes > 0);
  }
  const auto store = open(options(folder));
  CHECK(store->recovery().findings.empty());
  CHECK(Twins(*store).whole(*store) == 1000);
}

TEST_CASE("a power cut takes nothing that was synced and leaves whole commits") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 6; ++round) {
    CAPTURE(round);
    test::TempFolder folder;
    test::FaultyEnv faulty;
    std::uint64_t promised = 0, written = 0;
    for (int crash = 0; crash < 4; ++crash) {
      auto store = open(options(folder, faulty.env.get()));
      const Twins twins(*store);
      const std::uint64_t there = twins.whole(*store);
      CHECK(there >= promised);
      CHECK(there <= written);
      written = there;
      for (std::uint64_t i = random() % 600; i-- > 0;) {
        const Sync sync = random() % 4 == 0 ? Sync::yes : Sync::no;
        REQUIRE(twins.put(*store, written++, sync));
        if (sync == Sync::yes) promised = written;
      }
      faulty.files->crash(random() % 2 == 0 ? &random : nullptr);
      store.reset();
      faulty.files->restart();
    }
    const auto store = open(options(folder, faulty.env.get()));
    CHECK(Twins(*store).whole(*store) >= promised);
  }
}

TEST_CASE("a cut or damaged write-ahead log is cut back to whole commits and named") {
  const bool cut = GENERATE(true, false);
  CAPTURE(cut);
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 12; ++round) {
    test::TempFolder folder;
    test::FaultyEnv faulty;
    {
      auto store = open(options(folder, faulty.env.get()));
      const Twins twins(*store);
      for (std::uint64_t i = 0; i < 100; ++i) REQUIRE(twins.put(*store, i));
      faulty.files->crash();  // all was synced: only keeps the store from flushing as it closes
    }
    faulty.files->restart();
    const std::filesystem::path log = newest(folder.file("store"), ".log");
    const std::uint64_t size = std::filesystem::file_size(log);
    const std::uint64_t at = random() % (size - 1);
    CAPTURE(round, size, at);
    if (cut) {
      std::filesystem::resize_file(log, at);
    } else {
      flip_byte(log, at);
    }
    std::uint64_t there = 0;
    {
      const auto store = open(options(folder, faulty.env.get()));
      const Twins twins(*store);
      there = twins.whole(*store);
      CHECK(there < 100);
      CHECK(there + 2 >= at * 100 / size);  // nothing before the damage is lost
      // A cut between two records is no damage that can be seen.
      if (!cut) {
        REQUIRE(store->recovery().findings.size() >= 1);
      }
      for (const std::string& finding : store->recovery().findings) {
        CHECK_THAT(finding, Catch::Contains(log.filename().string()));
        CHECK_THAT(finding, !Catch::Contains(folder.path().string()));
      }
      REQUIRE(twins.put(*store, there));
    }
    const auto store = open(options(folder, faulty.env.get()));
    CHECK(Twins(*store).whole(*store) == there + 1);
    CHECK(store->recovery().findings.empty());
  }
}

TEST_CASE("a full disk refuses commits, still reads, and takes commits again once there is room") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  test::TempFolder folder;
  test::FaultyEnv faulty;
  std::uint64_t written = 0;
  for (int restart = 0; restart < 3; ++restart) {
    auto store = open(options(folder, faulty.env.get()));
    const Twins twins(*store);
    REQUIRE(twins.whole(*store) == written);
    for (int round = 0; round < 8; ++round) {
      CAPTURE(restart, round);
      faulty.files->fail_writes_after(random() % 400, FaultyFileSystem::Fault::no_space);
      Status status = twins.put(*store, written);
      for (; status; status = twins.put(*store, written)) ++written;
      CHECK(status.error().code == Errc::resource_exhausted);
      CHECK_FALSE(twins.put(*store, written));
      CHECK(twins.whole(*store) == written);
      faulty.files->end_faults();
      status = twins.put_when_room(*store, written);
      if (!status) FAIL(status.error().message);
      ++written;
    }
    if (restart % 2 == 0) faulty.files->crash();
    store.reset();
    faulty.files->restart();
  }
  const auto store = open(options(folder, faulty.env.get()));
  CHECK(Twins(*store).whole(*store) == written);
}

TEST_CASE("a disk that fills up at the first write of a write-ahead log is no different") {
  test::TempFolder folder;
  test::FaultyEnv faulty;
  std::uint64_t written = 0;
  for (int restart = 0; restart < 3; ++restart) {
    CAPTURE(restart);
    auto store = open(options(folder, faulty.env.get()));
    const Twins twins(*store);
    REQUIRE(twins.whole(*store) == written);
    for (int round = 0; round < 4; ++round) {
      faulty.files->fail_writes(FaultyFileSystem::Fault::no_space);
      for (int i = 0; i < 3; ++i) {
        const Status full = twins.put(*store, written);
        REQUIRE_FALSE(full);
        CHECK(full.error().code == Errc::resource_exhausted);
      }
      faulty.files->end_faults();
      const Status taken = twins.put_when_room(*store, written);
      if (!taken) FAIL(taken.error().message);
      ++written;
    }
    if (restart > 0) faulty.files->crash();
    store.reset();
    faulty.files->restart();
  }
  const auto store = open(options(folder, faulty.env.get()));
  CHECK(Twins(*store).whole(*store) == written);
}

TEST_CASE("a store on a disk that stays full can be read and closed, and nothing is lost") {
  test::TempFolder folder;
  test::FaultyEnv faulty;
  std::uint64_t written = 0;
  {
    const auto store = open(options(folder, faulty.env.get()));
    const Twins twins(*store);
    for (; written < 300; ++written) REQUIRE(twins.put(*store, written));
    faulty.files->fail_writes(FaultyFileSystem::Fault::no_space);
    REQUIRE_FALSE(twins.put(*store, written));
    CHECK(twins.whole(*store) == written);
  }
  faulty.files->end_faults();
  const auto store = open(options(folder, faulty.env.get()));
  CHECK(Twins(*store).whole(*store) == written);
}

TEST_CASE("a reader keeps what it sees while the store goes on after a full disk") {
  test::TempFolder folder;
  test::FaultyEnv faulty;
  const auto store = open(options(folder, faulty.env.get()));
  const Twins twins(*store);
  REQUIRE(twins.put(*store, 0));
  auto before = store->snapshot();
  faulty.files->fail_writes(FaultyFileSystem::Fault::no_space);
  REQUIRE_FALSE(twins.put(*store, 1));
  faulty.files->end_faults();
  CHECK(before->get(twins.second, key(0))->has_value());
  before.reset();  // the store waits for its readers
  REQUIRE(twins.put_when_room(*store, 1));
  CHECK(twins.whole(*store) == 2);
}

TEST_CASE("a store that finds too little room to go on is still read, and goes on with more") {
  test::TempFolder folder;
  test::FaultyEnv faulty;
  const auto store = open(options(folder, faulty.env.get()));
  const Twins twins(*store);
  std::uint64_t written = 0;
  for (; written < 100; ++written) REQUIRE(twins.put(*store, written));
  faulty.files->fail_writes(FaultyFileSystem::Fault::no_space);
  REQUIRE_FALSE(twins.put(*store, written));
  // Room for the first write of opening, not for the rest.
  const std::uint64_t writes = faulty.files->writes();
  faulty.files->fail_writes_after(1, FaultyFileSystem::Fault::no_space);
  while (faulty.files->writes() < writes + 2) std::this_thread::yield();
  CHECK(twins.whole(*store) == written);
  CHECK_FALSE(twins.put(*store, written));
  faulty.files->end_faults();
  REQUIRE(twins.put_when_room(*store, written));
  CHECK(twins.whole(*store) == written + 1);
}

TEST_CASE("a failing disk is an io error and loses nothing that was promised") {
  test::TempFolder folder;
  test::FaultyEnv faulty;
  std::uint64_t written = 0;
  {
    const auto store = open(options(folder, faulty.env.get()));
    const Twins twins(*store);
    for (; written < 50; ++written) REQUIRE(twins.put(*store, written));
    faulty.files->fail_writes(FaultyFileSystem::Fault::io_error);
    const Status status = twins.put(*store, written);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == Errc::io);
    CHECK_THAT(status.error().message, !Catch::Contains(folder.path().string()));
    CHECK(twins.whole(*store) == 50);
  }
  faulty.files->end_faults();
  const auto store = open(options(folder, faulty.env.get()));
  CHECK(Twins(*store).whole(*store) == 50);
}

TEST_CASE("a damaged table file is an error that names it, never a wrong value") {
  test::TempFolder folder;
  {
    const auto store = open(options(folder));
    const Twins twins(*store);
    for (std::uint64_t i = 0; i < 400; ++i) REQUIRE(twins.put(*store, i, Sync::no));
  }
  const std::filesystem::path file = newest(folder.file("store"), ".sst");
  const std::filesystem::path kept = folder.file("kept");
  std::filesystem::copy_file(file, kept);

  SECTION("a flipped byte") {
    flip_byte(file, std::filesystem::file_size(file) / 3);
    const auto opened = open_rocks(options(folder), quiet_logger());
    if (!opened) {
      CHECK(opened.error().code == Errc::corruption);
      return;
    }
    Store& store = **opened;
    const Twins twins(store);
    const auto snapshot = store.snapshot();
    bool damaged = false;
    for (const Table table : {twins.first, twins.second}) {
      const auto cursor = snapshot->scan(table, "", "");
      std::uint64_t seen = 0;
      for (; cursor->valid(); cursor->next()) ++seen;
      if (!cursor->status()) {
        damaged = true;
        CHECK(cursor->status().error().code == Errc::corruption);
        CHECK_THAT(cursor->status().error().message, Catch::Contains(file.filename().string()));
      } else {
        CHECK(seen == 400);
      }
    }
    CHECK(damaged);
  }
  SECTION("a missing file") {
    std::filesystem::remove(file);
    const auto opened = open_rocks(options(folder), quiet_logger());
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error().message, Catch::Contains(file.stem().string()));
  }
}

TEST_CASE("dropping a range frees its files") {
  test::TempFolder folder;
  const auto store = open(options(folder));
  const Table table = *store->table("log");
  std::mt19937_64 random(1);
  std::string noise(100'000, ' ');
  for (std::uint64_t i = 0; i < 100; ++i) {
    for (char& c : noise) c = static_cast<char>(random());
    WriteBatch batch;
    batch.put(table, key(i), noise);
    REQUIRE(store->commit(batch, Sync::no));
  }
  REQUIRE(store->drop(table, key(0), key(90)));
  // Flushes that were under way and the removal of files are the background's work.
  constexpr std::uint64_t kHalf = 5'000'000;
  for (int looks = 0; looks < 100'000 && store->usage().disk_bytes >= kHalf; ++looks) {
  }
  CHECK(store->usage().disk_bytes < kHalf);
  const auto cursor = store->snapshot()->scan(table, "", "");
  REQUIRE(cursor->valid());
  CHECK(get_u64(cursor->key()) == 90);
}

TEST_CASE("a store that is closed keeps no room for what was erased") {
  test::TempFolder folder;
  std::mt19937_64 random(1);
  std::string noise(100'000, ' ');
  {
    const auto store = open(options(folder));
    const Table table = *store->table("log");
    for (std::uint64_t i = 0; i < 20; ++i) {
      for (char& c : noise) c = static_cast<char>(random());
      WriteBatch batch;
      batch.put(table, key(i), noise);
      REQUIRE(store->commit(batch, Sync::no));
    }
  }
  {
    const auto store = open(options(folder));
    WriteBatch batch;
    for (std::uint64_t i = 0; i < 18; ++i) batch.erase(*store->table("log"), key(i));
    REQUIRE(store->commit(batch, Sync::no));
    CHECK(store->usage().disk_bytes > 2'000'000);
  }
  const auto store = open(options(folder));
  CHECK(store->usage().disk_bytes < 400'000);
  const auto cursor = store->snapshot()->scan(*store->table("log"), "", "");
  REQUIRE(cursor->valid());
  CHECK(get_u64(cursor->key()) == 18);
}

TEST_CASE("a checkpoint is a store of its own") {
  test::TempFolder folder;
  const auto store = open(options(folder));
  const Twins twins(*store);
  for (std::uint64_t i = 0; i < 10; ++i) REQUIRE(twins.put(*store, i));
  REQUIRE(store->checkpoint(folder.file("copy")));
  REQUIRE(twins.put(*store, 10));
  const auto copy = open({folder.file("copy"), 1ULL << 20, 1ULL << 20, nullptr});
  CHECK(Twins(*copy).whole(*copy) == 10);
  CHECK_FALSE(store->checkpoint(folder.file("copy")));  // never over an existing one
}

TEST_CASE("a folder that cannot be opened is an error") {
  test::TempFolder folder;
  std::ofstream(folder.file("store")) << "a file";
  CHECK_FALSE(open_rocks(options(folder), quiet_logger()));
}
