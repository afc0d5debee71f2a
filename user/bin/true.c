// SPDX-License-Identifier: MIT
/* true: does nothing, and that well. */
int main(void)
{
	return 0;
}
