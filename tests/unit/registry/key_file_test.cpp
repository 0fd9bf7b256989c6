#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <support/temp_folder.h>
#include <unistd.h>

#include <vitals/registry/pseudonyms.h>

using namespace vitals;
using registry::Pseudonyms;
namespace fs = std::filesystem;

namespace {

void write_file(const std::string& path, std::size_t bytes) {
  std::ofstream(path, std::ios::binary) << std::string(bytes, 'k');
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

Errc error_of(const std::string& path) {
  const auto opened = Pseudonyms::open(path);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message.find(path) == std::string::npos);
  return opened.error().code;
}

}  // namespace

TEST_CASE("a key is made once and read ever after") {
  const test::TempFolder folder;
  const std::string path = folder.file("pseudonym.key");
  const auto first = Pseudonyms::open(path);
  REQUIRE(first.ok());
  CHECK(fs::file_size(path) == 32);
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  const auto again = Pseudonyms::open(path);
  REQUIRE(again.ok());
  CHECK(again->user("alice") == first->user("alice"));
  const auto other = Pseudonyms::open(folder.file("other.key"));
  REQUIRE(other.ok());
  CHECK(other->user("alice") != first->user("alice"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 2);
}

TEST_CASE("a key that others may read or write is refused") {
  const test::TempFolder folder;
  const std::string path = folder.file("key");
  write_file(path, 32);
  CHECK(Pseudonyms::open(path).ok());
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
  CHECK(Pseudonyms::open(path).ok());
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 1);
}
