#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <vitals/model/fields.h>

namespace vitals::wire::json {

/// The objects of an event whose members are known: the event itself and those nested in it.
enum class Group : std::uint8_t { event, error, quality, traits, feedback, resources };
inline constexpr std::array<std::string_view, 6> kGroupNames{"",       "error",    "quality",
                                                             "traits", "feedback", "resources"};

/// What a field holds, and so how it is read.
enum class Kind : std::uint8_t {
  id,
  time,
  label,   ///< target: model::Label
  number,  ///< target: model::Number
  status,
  flag,     ///< target: Flag
  message,  ///< checked and not stored, but its class is
  comment,  ///< the same with its sentiment, and what is kept of it
  group,    ///< target: Group
  tags,
  parameters,
};

enum class Flag : std::uint8_t { detected, recovered, degraded };

struct Field {
  Group group = Group::event;
  std::string_view key;
  Kind kind = Kind::id;
  std::uint8_t target = 0;
};

/// Every field of the native JSON event (03-api.md): those that the model's tables name, and the
/// others. A new label or number of the model is read without a change here.
namespace detail {

inline constexpr std::array<Field, 15> kOtherFields{{
    {Group::event, "id", Kind::id, 0},
    {Group::event, "time", Kind::time, 0},
    {Group::event, "status", Kind::status, 0},
    {Group::event, "error", Kind::group, static_cast<std::uint8_t>(Group::error)},
    {Group::event, "quality", Kind::group, static_cast<std::uint8_t>(Group::quality)},
    {Group::event, "traits", Kind::group, static_cast<std::uint8_t>(Group::traits)},
    {Group::event, "feedback", Kind::group, static_cast<std::uint8_t>(Group::feedback)},
    {Group::event, "resources", Kind::group, static_cast<std::uint8_t>(Group::resources)},
    {Group::event, "tags", Kind::tags, 0},
    {Group::event, "parameters", Kind::parameters, 0},
    {Group::error, "message", Kind::message, 0},
    {Group::error, "detected", Kind::flag, static_cast<std::uint8_t>(Flag::detected)},
    {Group::error, "recovered", Kind::flag, static_cast<std::uint8_t>(Flag::recovered)},
    {Group::error, "degraded", Kind::flag, static_cast<std::uint8_t>(Flag::degraded)},
    {Group::feedback, "comment", Kind::comment, 0},
}};

constexpr Group group_named(std::string_view name) {
  for (std::size_t i = 0; i < kGroupNames.size(); ++i) {
    if (kGroupNames[i] == name) return static_cast<Group>(i);
  }
  throw "a field of the model lies in an object that this format does not know";
}

constexpr auto make_fields() {
  std::array<Field, model::kLabelCount + model::kNumberCount + kOtherFields.size()> fields{};
  std::size_t at = 0;
  for (const model::LabelField& label : model::kLabelFields) {
    const std::size_t dot = label.name.find('.');
    const bool nested = dot != std::string_view::npos;
    fields[at++] = {group_named(nested ? label.name.substr(0, dot) : std::string_view{}),
                    nested ? label.name.substr(dot + 1) : label.name, Kind::label,
                    static_cast<std::uint8_t>(label.label)};
  }
  for (const model::NumberField& number : model::kNumberFields) {
    fields[at++] = {group_named(number.object), number.name, Kind::number,
                    static_cast<std::uint8_t>(number.number)};
  }
  for (const Field& other : kOtherFields) fields[at++] = other;
  return fields;
}

}  // namespace detail

inline constexpr auto kFields = detail::make_fields();
static_assert(kFields.size() <= 64, "one bit each in Row::seen");

/// A perfect hash over kFields, made by the compiler: length, two characters and the object tell
/// all known fields apart, and one multiplication spreads them over the slots without a collision.
class FieldTable {
 public:
  static constexpr std::size_t kUnknown = kFields.size();

  constexpr FieldTable() {
    while (!place_all()) multiplier_ += 0x61c88646U;  // compilation stops where there is none
  }

  /// The number of the field `key` of `group` in kFields, or kUnknown.
  constexpr std::size_t find(Group group, std::string_view key) const {
    if (key.empty()) return kUnknown;
    const std::uint8_t found = slots_[slot_of(group, key)];
    if (found == kUnknown || kFields[found].group != group || kFields[found].key != key) {
      return kUnknown;
    }
    return found;
  }

 private:
  static constexpr unsigned kSlotBits = 8;

  constexpr std::size_t slot_of(Group group, std::string_view key) const {
    const auto character = [key](std::size_t at) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(key[at]));
    };
    const std::uint32_t word = static_cast<std::uint32_t>(key.size()) | character(0) << 8U |
                               character(key.size() / 2) << 16U |
                               static_cast<std::uint32_t>(group) << 24U;
    return (word * multiplier_) >> (32U - kSlotBits);
  }

  constexpr bool place_all() {
    slots_.fill(kUnknown);
    for (std::size_t i = 0; i < kFields.size(); ++i) {
      std::uint8_t& slot = slots_[slot_of(kFields[i].group, kFields[i].key)];
      if (slot != kUnknown) return false;
      slot = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  std::uint32_t multiplier_ = 0x9e3779b1U;
  std::array<std::uint8_t, 1U << kSlotBits> slots_{};
};

inline constexpr FieldTable kFieldTable;

}  // namespace vitals::wire::json
