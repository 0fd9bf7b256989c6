#pragma once

#include <string>

#include <rocksdb/wal_filter.h>
#include <rocksdb/write_batch.h>

namespace vitals::store {

/// Ends the replay of a write-ahead log at the last batch that was taken: what was refused because
/// the disk was full may be whole in the log all the same.
class TakenOnly final : public rocksdb::WalFilter {
 public:
  explicit TakenOnly(rocksdb::SequenceNumber last) : last_(last) {}
  const char* Name() const override { return "TakenOnly"; }
  WalProcessingOption LogRecordFound(unsigned long long, const std::string&,
                                     const rocksdb::WriteBatch& batch, rocksdb::WriteBatch*,
                                     bool*) override {
    rocksdb::SequenceNumber sequence = 0;  // the first eight bytes, low byte first
    for (std::size_t i = sizeof sequence; i-- > 0;) {
      sequence = sequence << 8U | static_cast<unsigned char>(batch.Data()[i]);
    }
    return sequence > last_ ? WalProcessingOption::kStopReplay
                            : WalProcessingOption::kContinueProcessing;
  }

 private:
  const rocksdb::SequenceNumber last_;
};

}  // namespace vitals::store
