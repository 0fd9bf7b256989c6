#pragma once

#include <array>
#include <string_view>

namespace vitals::text::redaction {

// Words of addresses, in lower case.

/// After the name in English: 12 Baker Street.
inline constexpr std::array<std::string_view, 31> kStreets{
    "street",  "st",   "road",    "rd",   "avenue",  "ave",   "boulevard", "blvd",
    "lane",    "ln",   "drive",   "dr",   "court",   "ct",    "square",    "sq",
    "place",   "pl",   "terrace", "way",  "highway", "hwy",   "close",     "crescent",
    "parkway", "pkwy", "row",     "mews", "gardens", "grove", "hill"};
/// Of these, those that hardly mean anything else: their names may be in small letters.
inline constexpr std::array<std::string_view, 4> kSureStreets{"street", "road", "avenue",
                                                              "boulevard"};
/// What stands between a number and such a word where it is no name: a 2 way street.
inline constexpr std::array<std::string_view, 14> kNoNames{"way",  "the",  "a",    "of",  "on",
                                                           "down", "more", "lane", "per", "in",
                                                           "from", "star", "and",  "to"};

/// The ends of names in German and Dutch, before the number: Hauptstraße 12.
inline constexpr std::array<std::string_view, 11> kEndings{"straße", "strasse", "str.",  "gasse",
                                                           "allee",  "damm",    "platz", "weg",
                                                           "straat", "gracht",  "plein"};
/// The same as words of their own: Berliner Straße 12.
inline constexpr std::array<std::string_view, 8> kAlone{"straße", "strasse", "str.", "allee",
                                                        "platz",  "weg",     "damm", "gasse"};
inline constexpr std::array<std::string_view, 10> kArticles{"der", "die",   "das",  "den",  "dem",
                                                            "ein", "einen", "mein", "kein", "auf"};

/// Before the name, and the number after it: Via Roma 12, Calle Mayor 5, Rua Augusta 100.
inline constexpr std::array<std::string_view, 17> kBeforeName{
    "via",   "viale", "corso", "piazza",   "largo",   "calle", "avenida", "avda.", "paseo",
    "plaza", "rua",   "praça", "travessa", "alameda", "ulica", "ul.",     "strada"};
/// Before the name in French, and the number before both: 12 rue de la Paix.
inline constexpr std::array<std::string_view, 10> kAfterNumber{
    "rue", "avenue", "boulevard", "chemin", "impasse", "quai", "allée", "place", "route", "cours"};
/// Small words in names.
inline constexpr std::array<std::string_view, 19> kParticles{
    "de", "du",  "des", "la",  "le",  "les", "del", "della", "di", "da",
    "do", "dos", "das", "los", "las", "el",  "y",   "am",    "of"};

inline constexpr std::array<std::string_view, 7> kUnits{"apt",  "apartment", "suite", "unit",
                                                        "flat", "floor",     "room"};
inline constexpr std::array<std::string_view, 6> kBoxes{"po box",          "p.o. box", "p. o. box",
                                                        "post office box", "postfach", "apartado"};

}  // namespace vitals::text::redaction
