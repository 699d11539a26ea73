#!/usr/bin/env bash
# The demo model before the judge: ./evaluate.sh MODEL [options of DemoEvaluation]. Build the program first (./radedit --version does).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
exec nice "$java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -cp "$root/target/radedit.jar:$root/target/lib/*" radedit.tools.demo.DemoEvaluation "$@"
