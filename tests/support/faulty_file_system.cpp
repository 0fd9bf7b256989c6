#include "support/faulty_file_system.h"

#include <filesystem>
#include <thread>
#include <utility>

#include <rocksdb/system_clock.h>

namespace vitals::test {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string name,
             FaultyFileSystem& system)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), system_(system) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    return system_.write(name_, data.size(),
                         [&] { return target()->Append(data, options, debug); });
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return system_.sync(name_); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return system_.sync(name_); }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return system_.hint();
  }

 private:
  std::string name_;
  FaultyFileSystem& system_;
};

class FaultyFolder final : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyFolder(std::unique_ptr<rocksdb::FSDirectory> folder, FaultyFileSystem& system)
      : FSDirectoryWrapper(std::move(folder)), system_(system) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return system_.sync_folder(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*,
                               const rocksdb::DirFsyncOptions&) override {
    return system_.sync_folder();
  }

 private:
  FaultyFileSystem& system_;
};

class SleeplessClock final : public rocksdb::SystemClockWrapper {
 public:
  using SystemClockWrapper::SystemClockWrapper;
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int /*micros*/) override { std::this_thread::yield(); }
};

}  // namespace

SleeplessEnv::SleeplessEnv(std::shared_ptr<rocksdb::FileSystem> files)
    : EnvWrapper(rocksdb::Env::Default()) {
  file_system_ = std::move(files);
  system_clock_ = std::make_shared<SleeplessClock>(rocksdb::SystemClock::Default());
}

FaultyFileSystem::FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultyFileSystem::crash(std::mt19937_64* torn) {
  const std::lock_guard lock(mutex_);
  cut(torn);
}

void FaultyFileSystem::crash_after(std::uint64_t n, std::uint64_t torn_seed) {
  const std::lock_guard lock(mutex_);
  crash_at_ = writes_ + n;
  torn_seed_ = torn_seed;
}

bool FaultyFileSystem::crashed() const {
  const std::lock_guard lock(mutex_);
  return crashed_;
}

void FaultyFileSystem::cut(std::mt19937_64* torn) {
  crashed_ = true;
  for (auto& [name, file] : files_) {
    if (torn != nullptr && file.size > file.synced && (file.linked || file.synced > 0)) {
      file.synced += (*torn)() % (file.size - file.synced + 1);
    }
  }
}

void FaultyFileSystem::restart() {
  const std::lock_guard lock(mutex_);
  // Only now, with all files closed: closing a file gives it back its full size.
  for (const auto& [name, file] : files_) {
    if (!crashed_ || !std::filesystem::exists(name)) continue;
    if (!file.linked && file.synced == 0) {
      std::filesystem::remove(name);
    } else {
      std::filesystem::resize_file(name, file.synced);
    }
  }
  crashed_ = false;
  crash_at_ = ~std::uint64_t{0};
  files_.clear();
}

void FaultyFileSystem::fail_writes(Fault fault) { fail_writes_after(0, fault); }

void FaultyFileSystem::fail_writes_after(std::uint64_t n, Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  failing_ = false;
  fail_at_ = writes_ + n;
}

void FaultyFileSystem::end_faults() {
  const std::lock_guard lock(mutex_);
  fail_at_ = ~std::uint64_t{0};
  failing_ = false;
}

std::uint64_t FaultyFileSystem::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

IOStatus FaultyFileSystem::fault() const {
  if (crashed_) return IOStatus::IOError("the machine is off");
  if (!failing_) return IOStatus::OK();
  if (fault_ == Fault::io_error) return IOStatus::IOError("injected");
  IOStatus status = IOStatus::NoSpace("injected");
  status.SetRetryable(true);  // as RocksDB's own file system marks ENOSPC
  return status;
}

IOStatus FaultyFileSystem::write(const std::string& file, std::uint64_t bytes,
                                 const std::function<IOStatus()>& append) {
  const std::lock_guard lock(mutex_);
  if (writes_ == crash_at_ && !crashed_) {
    std::mt19937_64 torn(torn_seed_);
    cut(torn_seed_ == 0 ? nullptr : &torn);
  }
  if (writes_++ >= fail_at_) failing_ = true;
  IOStatus status = fault();
  if (status.ok()) status = append();
  if (status.ok()) files_[file].size += bytes;
  return status;
}

IOStatus FaultyFileSystem::sync(const std::string& file) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(file);
  if (found != files_.end() && !crashed_ && !failing_) found->second.synced = found->second.size;
  return fault();
}

IOStatus FaultyFileSystem::sync_folder() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, file] : files_) file.linked = file.linked || (!crashed_ && !failing_);
  return fault();
}

IOStatus FaultyFileSystem::hint() const {
  const std::lock_guard lock(mutex_);
  return fault();
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& file,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                                           IODebugContext* debug) {
  {
    const std::lock_guard lock(mutex_);
    if (crashed_) return fault();
  }
  IOStatus status = target()->NewWritableFile(file, options, result, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<FaultyFile>(std::move(*result), file, *this);
  const std::lock_guard lock(mutex_);
  files_[file] = File{};
  return status;
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& name, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* result,
                                        IODebugContext* debug) {
  IOStatus status = target()->NewDirectory(name, options, result, debug);
  if (status.ok()) *result = std::make_unique<FaultyFolder>(std::move(*result), *this);
  return status;
}

IOStatus FaultyFileSystem::GetFreeSpace(const std::string& path, const IOOptions& options,
                                        std::uint64_t* bytes, IODebugContext* debug) {
  {
    const std::lock_guard lock(mutex_);
    if (failing_) {
      *bytes = 0;
      return IOStatus::OK();
    }
  }
  return target()->GetFreeSpace(path, options, bytes, debug);
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return fault();
  IOStatus status = target()->RenameFile(from, to, options, debug);
  if (status.ok()) {
    files_.erase(to);
    if (auto node = files_.extract(from)) {
      node.key() = to;
      files_.insert(std::move(node));
    }
  }
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& file, const IOOptions& options,
                                      IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return fault();
  IOStatus status = target()->DeleteFile(file, options, debug);
  if (status.ok()) files_.erase(file);
  return status;
}

}  // namespace vitals::test
