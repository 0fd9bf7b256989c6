#include "words.h"

#include <algorithm>
#include <iterator>

namespace vitals::text::valence {
namespace {

struct Rated {
  std::string_view name;
  double valence;
};

struct Acting {
  std::string_view name;
  Effect effect;
};

template <class Row, std::size_t Size>
constexpr bool is_sorted(const Row (&rows)[Size]) {
  return std::is_sorted(std::begin(rows), std::end(rows),
                        [](const Row& a, const Row& b) { return a.name < b.name; });
}

template <class Row, std::size_t Size>
const Row* find(const Row (&rows)[Size], std::string_view name) {
  const Row* found =
      std::lower_bound(std::begin(rows), std::end(rows), name,
                       [](const Row& row, std::string_view wanted) { return row.name < wanted; });
  return found != std::end(rows) && found->name == name ? found : nullptr;
}

constexpr Effect kNot{Role::negator, 0};
constexpr Effect kUnreal{Role::unreal, 0};
constexpr Effect kThwarted{Role::thwarted, 0};
constexpr Effect kContrast{Role::contrast, 0};
constexpr Effect kConcession{Role::concession, 0};
constexpr Effect kMore{Role::intensifier, 1};
constexpr Effect kRather{Role::intensifier, 0.5};
constexpr Effect kLess{Role::intensifier, -1};

constexpr Acting kActing[] = {
    {"absolutely", kMore},
    {"aint", kNot},
    {"almost", kLess},
    {"although", kConcession},
    {"amazingly", kMore},
    {"any", kUnreal},
    {"anything", kUnreal},
    {"arent", kNot},
    {"awfully", kMore},
    {"barely", kNot},
    {"but", kContrast},
    {"cannot", kNot},
    {"cant", kNot},
    {"completely", kMore},
    {"considerably", kMore},
    {"could", kUnreal},
    {"couldnt", kNot},
    {"damn", kMore},
    {"decidedly", kMore},
    {"deeply", kMore},
    {"despite", kConcession},
    {"didnt", kNot},
    {"doesnt", kNot},
    {"dont", kNot},
    {"effing", kMore},
    {"enormously", kMore},
    {"entirely", kMore},
    {"especially", kMore},
    {"exceptionally", kMore},
    {"expected", kThwarted},
    {"expecting", kThwarted},
    {"extremely", kMore},
    {"fabulously", kMore},
    {"fairly", kLess},
    {"flippin", kMore},
    {"flipping", kMore},
    {"frickin", kMore},
    {"fricking", kMore},
    {"friggin", kMore},
    {"frigging", kMore},
    {"fuckin", kMore},
    {"fucking", kMore},
    {"fully", kMore},
    {"greatly", kMore},
    {"hadnt", kNot},
    {"hardly", kNot},
    {"hasnt", kNot},
    {"havent", kNot},
    {"hella", kMore},
    {"highly", kMore},
    {"hoped", kThwarted},
    {"hoping", kThwarted},
    {"however", kContrast},
    {"hugely", kMore},
    {"if", kUnreal},
    {"incredibly", kMore},
    {"insanely", kMore},
    {"intensely", kMore},
    {"isnt", kNot},
    {"kinda", kLess},
    {"kindof", kLess},
    {"less", kLess},
    {"little", kLess},
    {"majorly", kMore},
    {"marginally", kLess},
    {"may", kUnreal},
    {"maybe", kUnreal},
    {"might", kUnreal},
    {"mildly", kLess},
    {"more", kMore},
    {"most", kMore},
    {"much", kMore},
    {"mustnt", kNot},
    {"neednt", kNot},
    {"neither", kNot},
    {"never", kNot},
    {"no", kNot},
    {"nobody", kNot},
    {"none", kNot},
    {"nope", kNot},
    {"nor", kNot},
    {"not", kNot},
    {"nothing", kNot},
    {"nowhere", kNot},
    {"occasionally", kLess},
    {"particularly", kMore},
    {"partly", kLess},
    {"perhaps", kUnreal},
    {"pretty", kRather},
    {"purely", kMore},
    {"quite", kMore},
    {"rarely", kNot},
    {"really", kMore},
    {"relatively", kLess},
    {"remarkably", kMore},
    {"scarcely", kNot},
    {"seldom", kNot},
    {"should", kUnreal},
    {"shouldnt", kNot},
    {"slightly", kLess},
    {"so", kMore},
    {"somewhat", kLess},
    {"sorta", kLess},
    {"sortof", kLess},
    {"substantially", kMore},
    {"such", kMore},
    {"super", kMore},
    {"supposed", kThwarted},
    {"thoroughly", kMore},
    {"though", kConcession},
    {"thought", kThwarted},
    {"too", kMore},
    {"totally", kMore},
    {"tremendously", kMore},
    {"tried", kThwarted},
    {"truly", kMore},
    {"trying", kThwarted},
    {"uber", kMore},
    {"unbelievably", kMore},
    {"unless", kUnreal},
    {"unusually", kMore},
    {"utterly", kMore},
    {"very", kMore},
    {"wanted", kThwarted},
    {"wasnt", kNot},
    {"werent", kNot},
    {"whether", kUnreal},
    {"while", kConcession},
    {"wish", kUnreal},
    {"without", kNot},
    {"wont", kNot},
    {"would", kUnreal},
    {"wouldnt", kNot},
};
static_assert(is_sorted(kActing));

constexpr Rated kOwn[] = {
    {"accurate", 1.6},     {"bland", -1.1},        {"breaks", -1.4},     {"bug", -1.2},
    {"buggy", -2},         {"bugs", -1.2},         {"cheap", -0.5},      {"clunky", -1.3},
    {"concise", 1.4},      {"convenient", 1.5},    {"correct", 1.4},     {"correctly", 1.4},
    {"crashed", -1.9},     {"crashes", -1.9},      {"crashing", -1.9},   {"cumbersome", -1.4},
    {"detailed", 1},       {"dies", -1.5},         {"durable", 1.4},     {"exactly", 0.4},
    {"expensive", -0.8},   {"fast", 1.1},          {"flaw", -1.8},       {"flawed", -2},
    {"flaws", -1.6},       {"flimsy", -1.6},       {"froze", -1.5},      {"garbage", -2.4},
    {"gibberish", -1.8},   {"gimmick", -1},        {"glitch", -1.4},     {"glitches", -1.4},
    {"hallucinate", -2},   {"hallucinated", -2},   {"hallucinates", -2}, {"hallucinating", -2},
    {"hallucination", -2}, {"hallucinations", -2}, {"inaccurate", -1.8}, {"incomplete", -1.3},
    {"incorrect", -1.8},   {"incorrectly", -1.5},  {"incredible", 2.6},  {"insightful", 1.9},
    {"intuitive", 1.5},    {"irrelevant", -1.6},   {"issue", -0.8},      {"issues", -0.8},
    {"junk", -2},          {"laggy", -1.7},        {"loud", -0.5},       {"mediocre", -1.2},
    {"nonexistent", -1.5}, {"nonsensical", -1.6},  {"outdated", -1.5},   {"overpriced", -1.7},
    {"poorly", -2},        {"precise", 1.2},       {"quick", 1},         {"quickly", 0.9},
    {"quiet", 0.5},        {"refund", -1},         {"refuses", -1},      {"relevant", 1.2},
    {"reliable", 1.7},     {"returned", -0.8},     {"rubbish", -2},      {"simple", 0.8},
    {"slow", -1.3},        {"slower", -1.2},       {"sturdy", 1.4},      {"tedious", -1.5},
    {"thorough", 1.3},     {"timeout", -1.2},      {"trash", -2.4},      {"truncated", -1.1},
    {"unhelpful", -1.8},   {"unreliable", -1.9},   {"unusable", -2.3},   {"verbose", -1},
    {"worked", 0.8},       {"working", 0.6},       {"works", 1.2},       {"wrongly", -1.9},
};
static_assert(is_sorted(kOwn));

constexpr Rated kPhrases[] = {
    {"bad ass", 1.5},        {"be better", -1.2},    {"big deal", 0},
    {"blown away", 2.5},     {"can't wait", 2},      {"cant wait", 2},
    {"customer service", 0}, {"didn't work", -1.8},  {"didnt work", -1.8},
    {"doesn't work", -1.8},  {"doesnt work", -1.8},  {"don't bother", -1.5},
    {"don't waste", -2},     {"don't work", -1.8},   {"dont bother", -1.5},
    {"dont waste", -2},      {"dont work", -1.8},    {"fall apart", -1.8},
    {"falls apart", -1.8},   {"fell apart", -1.8},   {"gave up", -1},
    {"give up", -1},         {"good luck", 1},       {"high quality", 2},
    {"let down", -1.8},      {"lets down", -1.8},    {"looking forward", 1.5},
    {"low quality", -1.8},   {"make sense", 1},      {"makes sense", 1.2},
    {"mind blowing", 2.6},   {"must have", 1},       {"never again", -1.5},
    {"never worked", -1.8},  {"no doubt", 0.6},      {"no idea", -0.6},
    {"no issues", 1.5},      {"no longer", -0.7},    {"no problem", 1.2},
    {"no problems", 1.5},    {"non existent", -1.5}, {"not work", -1.8},
    {"not worth", -2},       {"piece of", -0.8},     {"poor quality", -2.2},
    {"so so", -0.3},         {"spot on", 2.2},       {"stay away", -2},
    {"thank god", 1},        {"the bomb", 3},        {"the shit", 3},
    {"thumbs down", -2},     {"thumbs up", 2},       {"top notch", 2.6},
    {"user friendly", 1.8},  {"waste of", -2},       {"well made", 1.8},
    {"won't work", -1.8},    {"wont work", -1.8},    {"yeah right", -2},
};
static_assert(is_sorted(kPhrases));

std::optional<double> valence(const Rated* row) {
  return row == nullptr ? std::nullopt : std::optional(row->valence);
}

}  // namespace

Effect effect_of(std::string_view word) {
  if (word.ends_with("n't")) return kNot;
  const Acting* row = find(kActing, word);
  return row == nullptr ? Effect{} : row->effect;
}

std::optional<double> own_valence(std::string_view word) { return valence(find(kOwn, word)); }

std::optional<double> phrase_valence(std::string_view two_words) {
  return valence(find(kPhrases, two_words));
}

}  // namespace vitals::text::valence
