// See the header: buckets of days, a counting sort when a day opens.
#include "sim/calendar.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace prisonflow::sim {

namespace {

bool later(Due a, Due b) {
  return b < a;
}

constexpr std::size_t kFewEvents = 12;     // fewer are sorted by insertion alone
constexpr std::uint32_t kLongestRun = 24;  // that an insertion sort may meet

void sort_by_insertion(Due* first, Due* last) {
  for (Due* unsorted = first; unsorted < last; ++unsorted) {
    const Due due = *unsorted;
    Due* place = unsorted;
    for (; place != first && due < place[-1]; --place) *place = place[-1];
    *place = due;
  }
}

}  // namespace

Calendar::Calendar(Minute horizon)
    : horizon_(horizon),
      stretches_(static_cast<std::uint32_t>(std::max(horizon, 0) / kStretchMinutes) + 1),
      buckets_(std::size_t{kNearDays} + stretches_ + 1) {
  set_today(-1);
}

void Calendar::set_today(Day day) {
  open_day_ = day;
  const std::int64_t tomorrow = std::int64_t{day + 1} * kMinutesPerDay;
  const std::int64_t near_end = tomorrow + std::int64_t{kNearDays - 1} * kMinutesPerDay;
  tomorrow_ = static_cast<Minute>(std::min<std::int64_t>(tomorrow, kNever));
  near_minutes_ =
      static_cast<std::uint32_t>(std::max<std::int64_t>(0, std::min<std::int64_t>(near_end, horizon_) - tomorrow));
}

void Calendar::add_block(Bucket& bucket) {
  std::uint32_t block = free_block_;
  if (block != kNoBlock) {
    free_block_ = blocks_[block].previous;
  } else {
    block = static_cast<std::uint32_t>(blocks_.append());
  }
  blocks_[block].previous = bucket.block;
  bucket.block = block;
  bucket.used = 0;
}

void Calendar::add_to_open_day(Due due) {
  if (due.minute() >= horizon_) return;
  if (due.minute() < 0 || day_of(due.minute()) < open_day_) {
    throw std::logic_error("calendar: an event was scheduled before the open day");
  }
  late_.push_back(due);
  std::push_heap(late_.begin(), late_.end(), later);
  first_late_ = late_.front();
  ++pending_;
}

Due Calendar::pop_late() {
  std::pop_heap(late_.begin(), late_.end(), later);
  const Due due = late_.back();
  late_.pop_back();
  first_late_ = late_.empty() ? kNoDue : late_.front();
  --pending_;
  return due;
}

void Calendar::empty_into(Bucket& bucket, std::vector<Due>& out) {
  std::uint32_t used = bucket.used;
  for (std::uint32_t block = bucket.block; block != kNoBlock; used = kKeysPerBlock) {
    Block& full = blocks_[block];
    const std::uint32_t previous = full.previous;
#if defined(__GNUC__)
    if (previous != kNoBlock) {
      for (std::uint32_t key = 0; key < kKeysPerBlock; key += 8) __builtin_prefetch(&blocks_[previous].keys[key]);
    }
#endif
    out.insert(out.end(), full.keys, full.keys + used);
    full.previous = free_block_;
    free_block_ = block;
    block = previous;
  }
  bucket = Bucket{};
}

void Calendar::deal_out(Bucket& stretch) {
  scratch_.clear();
  empty_into(stretch, scratch_);
  pending_ -= scratch_.size();  // appended again, still the same events
  for (const Due due : scratch_) append(near_bucket(due.minute() / kMinutesPerDay), due);
}

void Calendar::open(Day day) {
  open_unsorted(day);
  sort_today();
}

void Calendar::open_unsorted(Day day) {
  if (day <= open_day_) throw std::logic_error("calendar: days must open in ascending order");
  if (!late_.empty()) throw std::logic_error("calendar: the open day still holds events");
  for (Day passed = open_day_ + 1; passed <= day; ++passed) {
    if (passed % kNearDays == 0 && static_cast<std::size_t>(passed / kNearDays) < stretches_) {
      deal_out(far_bucket(static_cast<std::size_t>(passed / kNearDays)));
    }
    if (passed < day && near_bucket(passed).block != kNoBlock) {
      throw std::logic_error("calendar: a day that holds events was left out");
    }
  }
  set_today(day);
  today_.clear();
  empty_into(near_bucket(day), today_);
  pending_ -= today_.size();
}

void Calendar::sort_today() {
  if (today_.size() < kFewEvents) {
    sort_by_insertion(today_.data(), today_.data() + today_.size());
  } else {
    count_today();
  }
}

void Calendar::count_today() {
  // The place of an event: the leading bits of (minute of the day, slot), 1440 << slot_bits of them before the shift.
  const std::uint64_t midnight = Due::at(start_of(open_day_), 0).bits;
  std::uint64_t slots = 0;
  for (const Due due : today_) slots |= due.slot();
  constexpr int minute_bits = 11;
  const int slot_bits = static_cast<int>(std::bit_width(slots));
  const int count_bits = static_cast<int>(std::bit_width(today_.size()));
  const int shift = std::max(0, minute_bits + slot_bits - 1 - count_bits);
  const auto place = [=](Due due) {
    const std::uint64_t since = due.bits - midnight;
    return static_cast<std::size_t>(((since >> 32) << slot_bits | static_cast<std::uint32_t>(since)) >> shift);
  };
  const std::size_t places = (((std::size_t{kMinutesPerDay} << slot_bits) - 1) >> shift) + 1;
  starts_.assign(places, 0);
  for (const Due due : today_) ++starts_[place(due)];
  std::uint32_t sum = 0;
  std::uint32_t longest = 0;
  for (std::uint32_t& start : starts_) {
    const std::uint32_t run = start;
    longest = std::max(longest, run);
    start = sum;
    sum += run;
  }
  scratch_.resize(today_.size());
  for (const Due due : today_) scratch_[starts_[place(due)]++] = due;
  today_.swap(scratch_);
  if (longest <= kLongestRun) {
    sort_by_insertion(today_.data(), today_.data() + today_.size());
    return;
  }
  // Many events at one minute, as after a settlement at midnight. starts_[p] is now where place p ends.
  std::uint32_t start = 0;
  for (const std::uint32_t end : starts_) {
    if (end - start <= kLongestRun) {
      sort_by_insertion(today_.data() + start, today_.data() + end);
    } else {
      std::sort(today_.begin() + start, today_.begin() + end);
    }
    start = end;
  }
}

std::size_t Calendar::bytes() const {
  return blocks_.size() * sizeof(Block) + buckets_.capacity() * sizeof(Bucket) +
         (today_.capacity() + scratch_.capacity() + late_.capacity()) * sizeof(Due) +
         starts_.capacity() * sizeof(std::uint32_t);
}

}  // namespace prisonflow::sim
