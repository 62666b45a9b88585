# Runs `nsmon watch` over all cases, one after the other. Leaves in /out:
#   events      the lines of nsmon, each after the time at which it came
#   truth       what the programs say, each case after a line `case NAME`
#   list *, lsns *   what `nsmon list` and `lsns` say when nothing happens
# The names are those of the tests.
mkdir -p /out
export WATCH=/out/events

clock() {
  cut -d ' ' -f 1 /proc/uptime
}

say() {
  echo "$*" | stamp >>/out/truth
}

case_() { # NAME PROGRAM [ARGUMENT...]
  name=$1
  shift
  echo "$(clock) $name"
  say "case $name"
  "$@" >>/out/truth || say "failed $1: exit status $?"
}

compare() { # NAME ALIVE SECONDS: at rest
  settle "$2" "$3"
  echo "$(clock) list and lsns, $1"
  say "case $1"
  lines=$(wc -l <$WATCH)
  nsmon list -o json >"/out/list $1"
  lsns --json -o NS,TYPE,NPROCS >"/out/lsns $1"
  say "listed lines=$lines"
}

types='uts ipc net mnt pid cgroup user time'
echo "$(clock) Linux $(uname -r)"

case_ 'namespaces from before the start are in the baseline' rest uts net pid

mkfifo /tmp/lines
stamp </tmp/lines >$WATCH &
stamp=$!
nsmon watch -o json --source perf --baseline >/tmp/lines 2>/out/errors &
nsmon=$!
until grep -q '"kind":"synced"' $WATCH; do
  kill -0 $nsmon || break
  sleep 0.1
done
echo "$(clock) synced"

for type in $types; do
  case_ "a $type namespace by clone" enter $type clone
  case_ "a $type namespace by unshare" enter $type unshare
  case_ "a $type namespace entered by setns" enter $type setns
done
case_ 'ip netns add, exec and delete' netns
for type in $types; do
  case_ "50 lives of 1 ms in a $type namespace" lives 50 1000 $type
  case_ "50 lives of 0 ms in a $type namespace" lives 50 0 $type
done
# The kernel gives inodes out again: what is awaited next is not to be taken for one of these.
settle 0 20
for type in $types; do
  case_ "a $type namespace held by a mount is not destroyed" held mount $type
  case_ "a $type namespace held by a descriptor is not destroyed" held descriptor $type
done
case_ 'a net namespace held by a socket is not destroyed' held socket net
for type in uts ipc net mnt cgroup; do
  case_ "a $type namespace of a thread alone is not destroyed" thread $type
done
case_ 'a uts namespace of a thread whose leader is a zombie is not destroyed' thread uts leader
case_ 'a mnt namespace made by open_tree' opentree
case_ 'a user namespace held by its child is not destroyed' child user
case_ 'a pid namespace held by its child is not destroyed' child pid
case_ 'a user namespace held by the net namespace it owns is not destroyed' child owned
case_ 'a zombie holds its user and pid namespace until it is reaped' zombie
case_ '5 pid namespaces nested, then 3 with their inodes' nested 5
case_ 'namespaces that stay' rest $types
compare 'at rest' 8 20
case_ 'an overrun is reported once, and the state is right after it' overrun $nsmon 40000
compare 'after the overrun' 9 20

kill $nsmon
wait $nsmon
code=$?
wait $stamp
say 'case nsmon ends when it is terminated'
say "ended code=$code"
echo "$(clock) done"
