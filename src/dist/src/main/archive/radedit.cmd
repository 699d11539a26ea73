@echo off
rem Runs RadEdit with the JDK that JAVA_HOME names, else with the one on the PATH: 25 or newer.
rem
rem   RADEDIT_JAVA_OPTS   more JVM flags, for instance -Xmx6g
rem   RADEDIT_MODEL       the model folder to use where --model is not given
setlocal

set "java="
if defined JAVA_HOME call :try "%JAVA_HOME%\bin\java.exe"
if not defined java for %%J in (java.exe) do call :try "%%~$PATH:J"
if not defined java (
    echo radedit: JDK 25 or newer is needed and was not found>&2
    echo install one ^(for instance Eclipse Temurin 25^) or point JAVA_HOME to it>&2
    exit /b 1
)

rem What each flag is for is told in the launcher for Linux and macOS, the file radedit.
"%java%" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ^
    -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning:stderr ^
    -XX:+UseSerialGC -XX:MaxNewSize=128m -XX:MaxRAMPercentage=75 -XX:-UsePerfData -XX:ObjectAlignmentInBytes=64 ^
    -XX:Tier4InvocationThreshold=500 -XX:Tier4MinInvocationThreshold=100 -XX:Tier4CompileThreshold=1000 ^
    -XX:Tier4BackEdgeThreshold=4000 -XX:Tier3BackEdgeThreshold=2000 ^
    %RADEDIT_JAVA_OPTS% -cp "%~dp0lib\*" radedit.cli.Main %*
exit /b %ERRORLEVEL%

rem Takes a java.exe if the file next to its bin folder says that it is of JDK 25 or newer.
:try
if not exist "%~1" exit /b
if not exist "%~dp1..\release" exit /b
findstr /r /c:"^JAVA_VERSION=.2[5-9]" /c:"^JAVA_VERSION=.[3-9][0-9]" "%~dp1..\release" >nul && set "java=%~1"
exit /b
