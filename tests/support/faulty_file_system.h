#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace vitals::test {

/// The real file system with faults: it knows what was synced, so that crash() can take away the
/// rest as a power cut does, and it can be full or broken. Thread-safe.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault { no_space, io_error };

  FaultyFileSystem();
  const char* Name() const override { return "FaultyFileSystem"; }

  /// Power cut: from now on nothing can be written. restart() is to be called after closing what
  /// had files open: it takes away unsynced bytes, but for a random number of them at the end of
  /// each file when `torn` was given, and files whose folder was not synced.
  void crash(std::mt19937_64* torn = nullptr);
  /// … at the n-th write from now (0 is the next), in the middle of whatever does it. Torn by
  /// random numbers of this seed, unless it is 0.
  void crash_after(std::uint64_t n, std::uint64_t torn_seed);
  bool crashed() const;
  void restart();

  /// Every write fails until end_faults().
  void fail_writes(Fault fault);
  /// The n-th write from now (0 is the next) fails, and those after it too until end_faults().
  void fail_writes_after(std::uint64_t n, Fault fault);
  void end_faults();
  std::uint64_t writes() const;

  /// Called by the wrappers of open files. `append` runs under the lock, so that nothing is written
  /// behind the back of a crash.
  rocksdb::IOStatus write(const std::string& file, std::uint64_t bytes,
                          const std::function<rocksdb::IOStatus()>& append);
  /// Nothing is really synced: a crash is only simulated.
  rocksdb::IOStatus sync(const std::string& file);
  rocksdb::IOStatus sync_folder();
  rocksdb::IOStatus hint() const;

  rocksdb::IOStatus NewWritableFile(const std::string& file, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 std::uint64_t* bytes, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& file, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  struct File {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
    bool linked = false;  ///< its folder was synced after it was made
  };
  rocksdb::IOStatus fault() const;
  void cut(std::mt19937_64* torn);

  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  bool crashed_ = false;
  bool failing_ = false;
  Fault fault_ = Fault::no_space;
  std::uint64_t writes_ = 0;
  std::uint64_t fail_at_ = ~std::uint64_t{0};
  std::uint64_t crash_at_ = ~std::uint64_t{0};
  std::uint64_t torn_seed_ = 0;
};

/// RocksDB's own threads do not wait in it: after a failed flush they would sleep for a second.
class SleeplessEnv final : public rocksdb::EnvWrapper {
 public:
  explicit SleeplessEnv(std::shared_ptr<rocksdb::FileSystem> files);
};

/// A RocksDB environment on a FaultyFileSystem, for RocksOptions::env.
struct FaultyEnv {
  std::shared_ptr<FaultyFileSystem> files = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> env = std::make_unique<SleeplessEnv>(files);
};

}  // namespace vitals::test
