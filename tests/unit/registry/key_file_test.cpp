#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <support/temp_folder.h>
#include <unistd.h>

#include <vitals/base/clock.h>
#include <vitals/registry/pseudonyms.h>

#include "registry/key_ring.h"

using namespace vitals;
using registry::KeyRing;
using registry::Pseudonyms;
namespace fs = std::filesystem;

namespace {

constexpr TimeMs kNow = 1'796'119'200'000;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, std::size_t bytes) {
  std::ofstream(path, std::ios::binary) << std::string(bytes, 'k');
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

Errc error_of(const std::string& path) {
  const auto opened = Pseudonyms::open(path, kNow);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message.find(path) == std::string::npos);
  return opened.error().code;
}

}  // namespace

TEST_CASE("a key is made once and read ever after") {
  const test::TempFolder folder;
  const std::string path = folder.file("pseudonym.key");
  const auto first = Pseudonyms::open(path, kNow);
  REQUIRE(first.ok());
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(first->key_since() == kNow);
  const auto again = Pseudonyms::open(path, kNow);
  REQUIRE(again.ok());
  CHECK(again->user("alice") == first->user("alice"));
  const auto other = Pseudonyms::open(folder.file("other.key"), kNow);
  REQUIRE(other.ok());
  CHECK(other->user("alice") != first->user("alice"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 2);
}

TEST_CASE("a key that others may read or write is refused") {
  const test::TempFolder folder;
  const std::string path = folder.file("key");
  write_file(path, 32);
  CHECK(Pseudonyms::open(path, kNow).ok());
  for (const fs::perms open : {fs::perms::group_read, fs::perms::others_read,
                               fs::perms::group_write, fs::perms::others_exec}) {
    fs::permissions(path, fs::perms::owner_read | open);
    CHECK(error_of(path) == Errc::invalid_argument);
  }
}

TEST_CASE("a key of another size is refused and left as it is") {
  const test::TempFolder folder;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{31}, std::size_t{33}}) {
    const std::string path = folder.file("key" + std::to_string(bytes));
    write_file(path, bytes);
    CHECK(error_of(path) == Errc::invalid_argument);
    CHECK(fs::file_size(path) == bytes);
  }
}

TEST_CASE("what is no file, or in no folder, is an error") {
  const test::TempFolder folder;
  fs::create_directory(folder.path() / "key");
  fs::permissions(folder.path() / "key", fs::perms::owner_all);
  CHECK(error_of(folder.file("key")) == Errc::invalid_argument);
  CHECK(error_of(folder.file("missing/key")) == Errc::io);
  fs::create_symlink("nowhere/key", folder.path() / "link");
  CHECK(error_of(folder.file("link")) == Errc::io);
}

TEST_CASE("what a dead process left unfinished is no obstacle") {
  const test::TempFolder folder;
  const std::string path = folder.file("key");
  write_file(path + ".new-" + std::to_string(::getpid()), 7);
  CHECK(Pseudonyms::open(path, kNow).ok());
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 1);
}

TEST_CASE("keys are written in these bytes and read back") {
  KeyRing ring;
  for (std::size_t i = 0; i < ring.current.size(); ++i) {
    ring.current[i] = static_cast<unsigned char>(i);
  }
  ring.since = kNow;
  ring.retired = {{{}, kNow}, {{}, kNow - 1}};
  ring.retired[0].key.fill(0xff);
  const std::string zeros(64, '0');
  const std::string text =
      "vitals pseudonym keys 1\n"
      "current 2026-12-01T10:00:00.000Z "
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
      "retired 2026-12-01T10:00:00.000Z " +
      std::string(64, 'f') + "\nretired 2026-12-01T09:59:59.999Z " + zeros + "\n";
  CHECK(registry::format_keys(ring) == text);
  const auto read = registry::parse_keys(text);
  REQUIRE(read);
  CHECK(*read == ring);
  // Whatever is cut off, or not as it is written, is damage.
  for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
    const auto cut = registry::parse_keys(std::string_view(text).substr(0, bytes));
    CAPTURE(bytes);
    const bool line_end = bytes > 0 && text[bytes - 1] == '\n' && bytes > 100;
    if (bytes == 32 || line_end) continue;  // an old file; fewer retired keys
    REQUIRE_FALSE(cut);
    CHECK(cut.error().message.find("ff") == std::string::npos);
  }
  for (const auto& [from, to] : {std::pair{"keys 1", "keys 2"}, std::pair{"current", "retired"},
                                 std::pair{"0001", "00g1"}, std::pair{"2026-12", "2026-13"}}) {
    std::string other = text;
    other.replace(other.find(from), std::string_view(from).size(), to);
    CHECK_FALSE(registry::parse_keys(other));
  }
}

TEST_CASE("a file of the first format, one key as it is, is read and replaced by rotation") {
  const test::TempFolder folder;
  const std::string path = folder.file("key");
  write_file(path, 32);
  auto opened = Pseudonyms::open(path, kNow);
  REQUIRE(opened);
  CHECK(opened->key_since() == 0);
  Pseudonyms::Key key{};
  key.fill('k');
  CHECK(opened->user("ann") == Pseudonyms(key).user("ann"));
  CHECK(read_file(path) == std::string(32, 'k'));
  REQUIRE(opened->rotate(kNow));
  CHECK(opened->users("ann").count(Pseudonyms(key).user("ann")) == 1);
  CHECK(Pseudonyms::open(path, kNow)->users("ann") == opened->users("ann"));
}

TEST_CASE("rotation is on disk before it is done, and a retired key goes with its time") {
  const test::TempFolder folder;
  const std::string path = folder.file("key");
  auto opened = Pseudonyms::open(path, kNow);
  REQUIRE(opened);
  const std::string first = opened->user("ann");
  CHECK(*opened->rotate(kNow + kDayMs) == 1);
  const std::string second = opened->user("ann");
  CHECK(*opened->rotate(kNow + 2 * kDayMs) == 2);
  const std::string third = opened->user("ann");
  using Names = std::set<std::string, std::less<>>;
  CHECK(opened->users("ann") == Names{first, second, third});
  CHECK(opened->key_since() == kNow + 2 * kDayMs);
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 1);

  auto again = Pseudonyms::open(path, kNow);
  REQUIRE(again);
  CHECK(again->user("ann") == third);
  CHECK(again->users("ann") == Names{first, second, third});
  CHECK(*again->drop_retired(kNow + kDayMs) == 0);
  CHECK(*again->drop_retired(kNow + kDayMs + 1) == 1);
  CHECK(again->users("ann") == Names{second, third});
  CHECK(Pseudonyms::open(path, kNow)->users("ann") == Names{second, third});
  CHECK(*again->drop_retired(kNow + 9 * kDayMs) == 1);
  CHECK(again->users("ann") == Names{third});
}

TEST_CASE("a rotation that cannot be written leaves everything as it was") {
  const test::TempFolder folder;
  fs::create_directory(folder.path() / "keys");
  const std::string path = folder.file("keys/key");
  auto opened = Pseudonyms::open(path, kNow);
  REQUIRE(opened);
  const std::string before = opened->user("ann");
  const std::string bytes = read_file(path);
  fs::remove(path);
  fs::remove(folder.path() / "keys");
  REQUIRE_FALSE(opened->rotate(kNow));
  CHECK(opened->user("ann") == before);
  CHECK(opened->users("ann").size() == 1);
  fs::create_directory(folder.path() / "keys");
  CHECK(*opened->rotate(kNow) == 1);
  CHECK(Pseudonyms::open(path, kNow)->users("ann").count(before) == 1);
}

TEST_CASE("rotation replaces what a link points to, and the link stays") {
  const test::TempFolder folder;
  const std::string path = folder.file("link");
  REQUIRE(Pseudonyms::open(folder.file("key"), kNow));
  fs::create_symlink(folder.file("key"), path);
  auto opened = Pseudonyms::open(path, kNow);
  REQUIRE(opened);
  REQUIRE(opened->rotate(kNow));
  CHECK(fs::is_symlink(path));
  CHECK(Pseudonyms::open(folder.file("key"), kNow)->users("ann") == opened->users("ann"));
}

TEST_CASE("no more keys are kept than filters can bear") {
  Pseudonyms pseudonyms{Pseudonyms::Key{}};
  for (std::size_t i = 0; i < registry::kRetiredMax; ++i) {
    REQUIRE(*pseudonyms.rotate(kNow) == i + 1);
  }
  const auto refused = pseudonyms.rotate(kNow);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unprocessable);
}
