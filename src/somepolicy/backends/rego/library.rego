# What the rules below are written with. A value is null where it is unknown.

at(value, path) := object.get(value, path, null) if is_object(value)

else := null

first(list) := list[0] if count(list) > 0

else := null

given(value, stand_in) := stand_in if value == null

else := value

# `x otherwise y`, x being a member of the parent
otherwise(value, parent, other) := value if value != null

else := null if parent == null

else := other

below(parent, answer) := null if parent == null

else := answer

present(value) := value != null

all_of(parts) := false if false in parts

else := null if null in parts

else := true

any_of(parts) := true if true in parts

else := null if null in parts

else := false

negated(x) := null if x == null

else := x == false

every_in(list, parts) := null if list == null

else := all_of(parts) if count(parts) == count(list)

else := null

some_in(list, parts) := null if list == null

else := any_of(parts) if count(parts) == count(list)

else := null

same(x, y) := null if null in [x, y]

else := x == y

less(x, y) := null if null in [x, y]

else := x < y

member(x, list) := null if null in [x, list]

else := x in list

holds(text, part) := null if null in [text, part]

else := contains(text, part)

matched(text, pattern) := null if text == null

else := regex.match(pattern, text)

size(x) := null if x == null

else := count(x)

sum_of(x, y) := null if null in [x, y]

else := x + y

total(list, parts) := null if list == null

else := null if null in parts

else := sum(parts) if count(parts) == count(list)

else := null

opposite(x) := null if x == null

else := 0 - x

# Only somepolicy knows what a reader sees: beside the document stand those of its texts that
# say nothing.
says(text) := null if text == null

else := false if text in silent

else := null if not input.silent

else := not_in(text, input.silent)

not_in(x, list) := false if x in list

else := true

# --- days are counted from 0000-03-01, instants in microseconds: [local time, offset]

first_day := 306

last_day := 3652364

microseconds := 86400000000

divided(x, by) := (x - (x % by)) / by

digits(text) := to_number(concat("", ["1", text])) - to_number(concat("", ["1", substring("000000", 0, count(text))]))

day(text) := null if text == null

else := ((first_of_year(year) + divided((153 * month) + 2, 5)) + digits(substring(text, 8, 2))) - 1 if {
	month := (digits(substring(text, 5, 2)) + 9) % 12
	year := digits(substring(text, 0, 4)) - divided(month, 10)
}

first_of_year(year) := (((365 * year) + divided(year, 4)) - divided(year, 100)) + divided(year, 400)

instant(text) := null if text == null

else := [(day(text) * microseconds) + (seconds * 1000000) + digits(substring(concat("", [fraction, "000000"]), 0, 6)), offset(sign, hours, minutes)] if {
	[[_, h, m, s, fraction, sign, hours, minutes]] := regex.find_all_string_submatch_n(`T(\d\d):(\d\d):(\d\d)\.?(\d*)(?:Z|([+-])(\d\d):(\d\d))$`, text, 1)
	seconds := (digits(h) * 3600) + (digits(m) * 60) + digits(s)
}

offset(sign, hours, minutes) := {"": 0, "+": 1, "-": -1}[sign] * (((digits(hours) * 60) + digits(minutes)) * 60000000)

moment(instant) := null if instant == null

else := instant[0] - instant[1]

within(day) := max([first_day, min([last_day, day])])

moved_clock(clock, days) := (within(divided(clock, microseconds) + days) * microseconds) + (clock % microseconds)

day_moved(day, days) := null if null in [day, days]

else := within(day + days)

moments(list) := null if list == null

else := [moment(instant(text)) | some text in list]

days_of(list) := null if list == null

else := [day(text) | some text in list]

as_of := instant(object.get(input, "as_of", object.get(input.document, "as_of", null)))

# the first value that holds on the day, the latest standing first
from_day(values) := first([value | some [since, value] in values; since <= today]) if today != null

else := null

today := as_day(as_of)

# --- attestations

attested(clause, answer, roles) := verdict(clause, answer, roles) == true

verdict(clause, answer, roles) := null if count(statements(clause, roles)) == 0

else := all_of([same(statement, answer) | some statement in statements(clause, roles)])

statements(clause, roles) := [each.statement |
	some each in given(at(input.document, ["attestations"]), [])
	each.clause == clause
	each.role in roles
	moment(instant(each.at)) <= moment(as_of)
	not ended(each)
	each.content_digest == input.digest
]

ended(attestation) if {
	expires := at(attestation, ["expires"])
	expires != null
	moment(instant(expires)) <= moment(as_of)
}

# --- rules

# one instance for each element: whether it passes
instances_of(guard, list, parts) := [] if guard == false

else := [null] if list == null

else := parts if count(parts) == count(list)

else := [null]

violated contains name if {
	some name, parts in instances
	false in parts
}

unproven contains name if {
	some name, parts in instances
	null in parts
	not false in parts
}

kind := input.document.kind

# the rules of the kind that no part of this module decides
not_carried := object.get(left_out, kind, {})

denied if some name in violated & denying

denied if {
	some name in unproven & denying
	kind in unproven_denies
}

complete if {
	count(instances) == carried[kind]
	count({name | some name, _ in not_carried} & denying) == 0
}

# A document is allowed where every rule that may deny was asked, and else undecided.
default effect := "undecided"

effect := "deny" if denied

else := "allow" if complete

decision := {
	"effect": effect,
	"violated": violated,
	"unproven": unproven,
	"not_carried": not_carried,
}

# --- days by the offset

as_day(instant) := null if instant == null

else := divided(instant[0], microseconds)

instant_moved(instant, days) := null if null in [instant, days]

else := [moved_clock(instant[0], days), instant[1]]

# --- days in the time zone

as_day(instant) := null if instant == null

else := within(divided(moment(instant) + zone_offset(moment(instant)), microseconds))

# to the same time of the clock; where the calendar ends, by the instant's own offset
instant_moved(instant, days) := null if null in [instant, days]

else := [clock, clock_offset(clock, is_second(utc))] if {
	utc := moment(instant)
	local := utc + zone_offset(utc)
	within(divided(utc, microseconds)) == divided(utc, microseconds)
	within(divided(local, microseconds)) == divided(local, microseconds)
	clock := moved_clock(local, days)
}

else := [moved_clock(instant[0], days), instant[1]]

zone_offset(utc) := last([after | some [start, _, after] in changes; start <= usual(utc)])

# what the clock shows twice: whether it is the second time
is_second(utc) if {
	at := usual(utc)
	some [start, before, after] in changes
	start <= at
	at < start + (before - after)
}

else := false

# the offset where a clock shows a time
clock_offset(clock, second) := last([after |
	some [start, before, after] in changes
	start + turn(before, after, second) <= usual(clock)
])

turn(before, after, second) := min([before, after]) if second

else := max([before, after])

last(list) := list[count(list) - 1]

# the same time in a year of the table that has the same calendar
usual(clock) := clock if year_of(divided(clock, microseconds)) < cycle

else := clock + ((first_of_year(alike) - first_of_year(year)) * microseconds) if {
	year := year_of(divided(clock, microseconds))
	alike := [each |
		some each in numbers.range(cycle, cycle + 27)
		first_of_year(each) % 7 == first_of_year(year) % 7
		length_of(each) == length_of(year)
	][0]
}

length_of(year) := first_of_year(year + 1) - first_of_year(year)

# years begin in March
year_of(day) := (400 * divided(day, 146097)) + divided(((rest - divided(rest, 1460)) + divided(rest, 36524)) - divided(rest, 146096), 365) if {
	rest := day % 146097
}
