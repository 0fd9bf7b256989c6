#include "words.h"

#include <unordered_set>

#include "../phrases.h"

namespace vitals::text::topics {
namespace {

constexpr std::string_view kEmpty[] = {
    // that people are content, or not, and how much
    "good, great, nice, bad, best, better, worst, worse, awesome, amazing, excellent, perfect",
    "terrible, horrible, awful, poor, fine, ok, okay, cool, love, loved, loves, like, liked",
    "hate, hated, thank, thanks, thx, wow, well, poorly, pretty, really, quite, super, totally",
    "extremely, absolutely, definitely, happy, sad, disappointed, disappointing, impressed",
    "impressive, wonderful, fantastic, useless, useful, helpful, unhelpful, lol",
    // that hold sentences together
    "got, get, gets, getting, give, gives, gave, given, go, goes, going, went, make, makes, made",
    "take, takes, took, say, says, said, tell, told, know, think, thought, want, wanted, try",
    "tried, use, used, using, work, works, worked, see, saw, look, looks, seem, seems, come",
    "comes, came, put, keep, keeps, kept, find, found, way, thing, things, lot, lots, bit, kind",
    "sort, even, still, much, maybe, perhaps, actually, basically, literally, almost, already",
    "always, often, sometimes, sure, yes, yeah, no, nope, hi, hello, hey, would've, could've",
    "http, https, www, com, org, should've, hasn't, haven't, hadn't, didn't, im, dont, didnt",
    "doesnt, isnt, cant, wont, ive, it'd, he's, she's, what's, who's, ain't, us, etc, ie, eg",
    "first, second, last, next, new, old, right, back, without, instead, able, today, yesterday",
    // grammatical words of German, French, Spanish, Italian, Portuguese and Dutch
    "aber, alle, alles, als, an, auch, auf, aus, bei, bin, bis, das, dass, dem, den, der, des",
    "die, dies, diese, dieser, doch, du, durch, ein, eine, einem, einen, einer, er, es, für, gar",
    "hat, hatte, ich, ihr, im, in, ist, ja, kann, kein, keine, man, mehr, mein, mich, mir, mit",
    "nach, nicht, noch, nur, oder, schon, sehr, sein, sich, sie, sind, und, uns, vom, von, vor",
    "war, waren, was, wenn, wie, wir, wird, wurde, zu, zum, zur, über, au, aux, avec, bien, ce",
    "ces, cette, c'est, dans, de, des, du, elle, en, est, et, il, ils, j'ai, je, la, le, les",
    "leur, mais, me, mes, moi, mon, n'est, ne, nous, on, ou, où, par, pas, plus, pour, qu'il",
    "que, qui, sa, se, ses, son, sont, sur, très, tu, un, une, vous, été, être, al, algo, como",
    "con, cuando, del, el, ella, era, esta, este, esto, está, fue, ha, hay, la, las, lo, los",
    "más, mi, muy, nada, no, o, para, pero, por, porque, que, se, si, sin, sobre, son, su, sus",
    "también, todo, un, una, uno, y, ya, yo, ao, as, com, da, das, do, dos, ela, ele, em, eu",
    "foi, isso, mais, mas, meu, muito, na, nas, nos, não, os, ou, pela, pelo, quando, são",
    "também, tem, uma, você, alla, anche, che, chi, ci, come, dal, dalla, dei, della, di, e, ed",
    "gli, ho, il, io, ma, mi, molto, nel, nella, non, per, però, più, sono, sul, ti, tutto, è",
    "aan, als, bij, dan, dat, de, deze, die, dit, door, een, en, er, geen, goed, had, heb, heeft",
    "het, hij, hoe, ik, is, je, kan, maar, met, mijn, na, naar, niet, nog, of, om, ook, op, over",
    "te, tot, uit, van, veel, voor, waren, wat, we, wel, werd, wordt, ze, zeer, zijn, zo",
};

}  // namespace

bool says_something(std::string_view word) {
  static const std::unordered_set<std::string_view> empty = set_of(kEmpty);
  return word.size() > 1 && empty.count(word) == 0 && !is_function_word(word);
}

std::string singular(std::string_view word) {
  std::string stem(word);
  if (word.size() < 4 || word.back() != 's') return stem;
  if (word.ends_with("ies") && !word.ends_with("eies") && !word.ends_with("aies")) {
    stem.resize(stem.size() - 3);
    return stem += 'y';
  }
  const bool es = word.ends_with("aes") || word.ends_with("ees") || word.ends_with("oes");
  if (es || word.ends_with("us") || word.ends_with("ss") || word.ends_with("'s")) return stem;
  stem.pop_back();
  return stem;
}

}  // namespace vitals::text::topics
